import { consumeOrders, postCharge } from './consumer.ts'

/** All attempts for an order have one key: the payment service gives its first answer again. */
await consumeOrders((order) => postCharge(order, `charge-${order.orderId}`))
