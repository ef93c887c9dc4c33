import { Controller } from '@nestjs/common'
import { EventPattern, MessagePattern, Payload } from '@nestjs/microservices'
import { Order, OrdersService } from './orders.service'

@Controller()
export class OrdersController {
  constructor(private readonly orders: OrdersService) {}

  @EventPattern('orders')
  async onOrder(@Payload() order: Order): Promise<void> {
    await this.orders.save(order)
  }

  /** Answers in the topic that the message's header names, where there is one. */
  @MessagePattern('questions')
  async onQuestion(@Payload() order: Order): Promise<{ known: number }> {
    return { known: await this.orders.save(order) }
  }
}
