import { runRelay } from './relay.ts'

/** A row goes when its event has been written: an event may come twice, and none is lost. */
await runRelay(async (pool, send) => {
  const { rows } = await pool.query<{ id: string; event: string }>(
    'select id, event from outbox order by id limit 10',
  )
  if (rows.length === 0) return false
  await send(rows.map(({ event }) => event))
  await pool.query('delete from outbox where id = any($1)', [rows.map(({ id }) => id)])
  return true
})
