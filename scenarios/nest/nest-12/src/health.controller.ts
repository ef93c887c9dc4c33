import { Controller, Get } from '@nestjs/common'
import { OrdersService } from './orders.service.js'

@Controller('health')
export class HealthController {
  constructor(private readonly orders: OrdersService) {}

  @Get()
  health(): { readonly status: string; readonly orders: number } {
    return { status: 'ok', orders: this.orders.count() }
  }
}
