import { Injectable } from '@nestjs/common'
import { Ledger, Position } from '@orders/ledger'

export interface Order {
  readonly id: string
}

@Injectable()
export class OrdersService {
  constructor(private readonly ledger: Ledger) {}

  async save(_order: Order, position: Position): Promise<void> {
    await this.ledger.insert(position)
  }
}
