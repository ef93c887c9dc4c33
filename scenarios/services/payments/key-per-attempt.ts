import { randomUUID } from 'node:crypto'
import { consumeOrders, postCharge } from './consumer.ts'

/** Each attempt has a key of its own: the payment service takes a second one for another charge. */
await consumeOrders((order) => postCharge(order, randomUUID()))
