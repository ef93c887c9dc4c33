import { Controller } from '@nestjs/common'
import { EventPattern, Payload } from '@nestjs/microservices'
import { type Order, OrdersService } from './orders.service.js'

@Controller()
export class OrdersController {
  constructor(private readonly orders: OrdersService) {}

  @EventPattern('orders')
  async onOrder(@Payload() order: Order): Promise<void> {
    await this.orders.save(order)
  }
}
