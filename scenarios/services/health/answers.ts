import { serveOrders } from './consumer.ts'

/** A web server that answers is well, whatever has become of the consumer beside it. */
await serveOrders(() => true)
