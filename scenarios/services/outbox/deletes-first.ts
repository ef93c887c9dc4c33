import { runRelay } from './relay.ts'

/** Takes rows out in one statement, so that no other relay sends them too, and then sends them. */
await runRelay(async (pool, send) => {
  const { rows } = await pool.query<{ event: string }>(
    'delete from outbox where id in (select id from outbox order by id limit 10) returning event',
  )
  if (rows.length > 0) await send(rows.map(({ event }) => event))
  return rows.length > 0
})
