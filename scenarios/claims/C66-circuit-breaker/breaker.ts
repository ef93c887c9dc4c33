import { type AppContext, atLeastOnce, defineScenario, type Scenario } from 'onceover'
import { postgres } from 'onceover/postgres'
import pg from 'pg'
import { sleep, startService } from '../../service.ts'

const OPEN_MS = 60_000

/**
 * The fate of records while the breaker is open: they are left out; their handler waits; their
 * partition is paused, and they come again.
 */
export type WhileOpen = 'leaves out' | 'waits' | 'pauses'

/** Saves orders in PostgreSQL; a call that failed opens the circuit for a minute. */
export function behindBreaker(name: string, whileOpen: WhileOpen): Scenario {
  return defineScenario({
    name,
    topics: { orders: { partitions: 1 } },
    records: {
      orders: Array.from({ length: 6 }, (_, index) => ({ value: `o-${index}`, atMs: index * 5_000 })),
    },
    consumers: 1,
    guarantee: atLeastOnce(),
    services: { db: postgres({ schema: './schema.sql' }) },
    identity: ({ value }) => value ?? '',
    effects: { from: 'db', query: 'select id as identity, times from orders' },
    faults: ['service-down'],
    app: (context) => serve(context, whileOpen),
  })
}

async function serve(context: AppContext, whileOpen: WhileOpen): Promise<void> {
  const { db } = context.services
  const pool = new pg.Pool({ connectionString: `postgres://app@${db?.host}:${db?.port}/shop`, max: 1 })
  pool.on('error', () => {})
  let openUntilMs = 0
  await startService(context, {
    group: 'orders',
    topics: ['orders'],
    run: () => ({
      eachMessage: async ({ message, pause }) => {
        if (Date.now() < openUntilMs) {
          if (whileOpen === 'leaves out') return
          if (whileOpen === 'waits') await sleep(openUntilMs - Date.now())
        }
        try {
          await pool.query(
            'insert into orders values ($1, 1) on conflict (id) do update set times = orders.times + 1',
            [String(message.value)],
          )
        } catch (error) {
          openUntilMs = Date.now() + OPEN_MS
          if (whileOpen === 'leaves out') return
          if (whileOpen === 'pauses') setTimeout(pause(), OPEN_MS)
          throw error
        }
      },
    }),
  })
}
