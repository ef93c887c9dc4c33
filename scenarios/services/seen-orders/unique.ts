import { consumeOrders } from './consumer.ts'

/** The table has each order once: a second one waits for the first, and is none. */
await consumeOrders(async (client, { orderId, item }) => {
  await client.query('insert into orders (order_id, item) values ($1, $2) on conflict do nothing', [
    orderId,
    item,
  ])
})
