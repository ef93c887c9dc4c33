import { type AppContext, atLeastOnce, defineScenario, type Scenario } from 'onceover'
import { postgres } from 'onceover/postgres'
import pg from 'pg'
import { startPollLoop } from '../../poll-loop/service.ts'

/**
 * Keeps the last version of a product. What stands for the versions up to the last is the row
 * itself: where an older one has overwritten a newer, the newer is lost.
 */
export function upserting(name: string, upsert: string): Scenario {
  return defineScenario({
    name,
    topics: { products: { partitions: 1 } },
    records: { products: Array.from({ length: 4 }, (_, index) => ({ key: 'p', value: `${index + 1}` })) },
    consumers: 2,
    guarantee: atLeastOnce(),
    services: { db: postgres({ schema: './schema.sql' }) },
    identity: ({ value }) => value ?? '',
    effects: {
      from: 'db',
      query: 'select version as identity from products, generate_series(1, products.last) as version',
    },
    faults: ['crash', 'pause', 'rebalance'],
    app: (context) => serve(context, upsert),
  })
}

async function serve(context: AppContext, upsert: string): Promise<void> {
  const { db } = context.services
  const pool = new pg.Pool({ connectionString: `postgres://app@${db?.host}:${db?.port}/shop`, max: 1 })
  pool.on('error', () => {})
  await startPollLoop(context, {
    group: 'products',
    topics: ['products'],
    settings: { 'session.timeout.ms': 10_000, 'max.poll.records': 1 },
    handle: async (records, consumer) => {
      for (const { value } of records) await pool.query(upsert, [Number(value)])
      if (!records.isEmpty) await consumer.commitSync()
    },
  })
}
