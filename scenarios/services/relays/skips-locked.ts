import { runRelay } from './relay.ts'

/** The next rows that no other relay has at the moment: also those behind rows that one has. */
await runRelay('select id, order_id, status from outbox order by id limit 2 for update skip locked')
