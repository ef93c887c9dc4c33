import { consumeOrders } from './consumer.ts'

/** Looks whether the order is there, and saves it: two that look at a time both see nothing. */
await consumeOrders(async (client, { orderId, item }) => {
  const { rowCount } = await client.query('select 1 from orders where order_id = $1', [orderId])
  if (rowCount === 0)
    await client.query('insert into orders (order_id, item) values ($1, $2)', [orderId, item])
})
