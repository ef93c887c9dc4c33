import { Injectable, Logger } from '@nestjs/common'

export interface Order {
  readonly id: string
}

@Injectable()
export class OrdersService {
  private readonly logger = new Logger(OrdersService.name)
  private readonly saved = new Map<string, Order>()

  async save(order: Order): Promise<void> {
    this.saved.set(order.id, order)
    this.logger.debug(`saved ${order.id}`)
  }

  count(): number {
    return this.saved.size
  }
}
