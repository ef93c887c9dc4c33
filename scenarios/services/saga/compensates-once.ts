import { settleOrders } from './orders.ts'

/** The piece goes back with the step from placed to cancelled, which an order takes once. */
await settleOrders(async (client, { orderId, paid }) => {
  const settled = await client.query(
    "update orders set state = $2 where order_id = $1 and state = 'placed'",
    [orderId, paid ? 'confirmed' : 'cancelled'],
  )
  if (settled.rowCount === 1 && !paid)
    await client.query("update stock set pieces = pieces + 1 where item = 'tea'")
})
