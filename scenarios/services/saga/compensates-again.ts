import { settleOrders } from './orders.ts'

/**
 * An order that was not paid is cancelled, and its piece goes back: each time that it is told so.
 */
await settleOrders(async (client, { orderId, paid }) => {
  await client.query('update orders set state = $2 where order_id = $1', [
    orderId,
    paid ? 'confirmed' : 'cancelled',
  ])
  if (!paid) await client.query("update stock set pieces = pieces + 1 where item = 'tea'")
})
