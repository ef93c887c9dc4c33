import { givePoints } from './consumer.ts'

/** Ten seconds: a record that comes again after a session timeout of thirty gets points again. */
await givePoints(10)
