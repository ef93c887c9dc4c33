import { Injectable } from '@nestjs/common'
import { InjectDataSource, InjectRepository } from '@nestjs/typeorm'
import { DataSource, Repository } from 'typeorm'
import { InboxMessage, Order } from './order.entity.js'

export interface PlacedOrder {
  readonly orderId: string
  readonly item: string
}

/** Saves each order once, however often it comes. */
export abstract class OrdersService {
  abstract save(order: PlacedOrder): Promise<void>
}

/** The order and its row in the inbox are one transaction: both are there, or neither. */
@Injectable()
export class OneTransaction extends OrdersService {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {
    super()
  }

  async save({ orderId, item }: PlacedOrder): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const { raw } = await manager
        .createQueryBuilder()
        .insert()
        .into(InboxMessage)
        .values({ messageId: orderId })
        .orIgnore()
        .returning('"messageId"')
        .execute()
      if (raw.length === 1) await manager.save(manager.create(Order, { orderId, item }))
    })
  }
}

/** Each repository's save is a transaction of its own: what falls between them is saved again. */
@Injectable()
export class TwoSaves extends OrdersService {
  constructor(
    @InjectRepository(Order) private readonly orders: Repository<Order>,
    @InjectRepository(InboxMessage) private readonly inbox: Repository<InboxMessage>,
  ) {
    super()
  }

  async save({ orderId, item }: PlacedOrder): Promise<void> {
    if (await this.inbox.existsBy({ messageId: orderId })) return
    await this.orders.save(this.orders.create({ orderId, item }))
    await this.inbox.save(this.inbox.create({ messageId: orderId }))
  }
}
