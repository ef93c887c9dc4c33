import { Controller } from '@nestjs/common'
import { EventPattern, Payload } from '@nestjs/microservices'
import { OrdersService, type PlacedOrder } from './orders.service.js'

@Controller()
export class OrdersController {
  constructor(private readonly orders: OrdersService) {}

  @EventPattern('orders')
  async onOrder(@Payload() order: PlacedOrder): Promise<void> {
    await this.orders.save(order)
  }
}
