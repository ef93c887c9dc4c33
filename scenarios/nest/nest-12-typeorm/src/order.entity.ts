import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm'

@Entity('orders')
export class Order {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' })
  id: string

  @Column('text')
  orderId: string

  @Column('text')
  item: string
}

@Entity('inbox')
export class InboxMessage {
  @PrimaryColumn('text')
  messageId: string
}
