import { runRelay } from './relay.ts'

/** Of each order its first row that is there: the next one waits until that has gone. */
await runRelay(`select id, order_id, status from outbox mine
  where not exists (select from outbox earlier where earlier.order_id = mine.order_id and earlier.id < mine.id)
  order by id limit 2 for update skip locked`)
