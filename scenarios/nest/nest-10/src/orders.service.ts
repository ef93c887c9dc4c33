import { Injectable } from '@nestjs/common'

export interface Order {
  readonly id: string
}

@Injectable()
export class OrdersService {
  private readonly saved = new Map<string, Order>()

  async save(order: Order): Promise<number> {
    this.saved.set(order.id, order)
    return this.saved.size
  }
}
