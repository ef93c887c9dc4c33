import { Controller } from '@nestjs/common'
import { Ctx, EventPattern, KafkaContext, Payload } from '@nestjs/microservices'
import { Order, OrdersService } from '@orders/orders.service'

@Controller()
export class OrdersController {
  constructor(private readonly orders: OrdersService) {}

  @EventPattern('orders')
  async onOrder(@Payload() order: Order, @Ctx() context: KafkaContext): Promise<void> {
    const { offset } = context.getMessage()
    await this.orders.save(order, { topic: context.getTopic(), partition: context.getPartition(), offset })
  }
}
