import { serveOrders } from './consumer.ts'

/** Well as long as the consumer is, which is what the process is there for. */
await serveOrders(({ gaveUp }) => !gaveUp)
