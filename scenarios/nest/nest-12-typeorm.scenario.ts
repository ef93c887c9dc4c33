import { defineScenario, exactlyOnce, type Scenario } from 'onceover'
import { postgres } from 'onceover/postgres'

const common = {
  topics: { orders: { partitions: 2 } },
  records: {
    orders: Array.from({ length: 4 }, (_, index) => ({
      value: JSON.stringify({ orderId: `o${index}`, item: 'tea' }),
    })),
  },
  consumers: 1,
  env: { KAFKA_BROKERS: 'broker-0:9092', DATABASE_URL: 'postgres://app@db:5432/shop' },
  services: { db: postgres({ schema: './nest-12-typeorm/src/schema.sql' }) },
  identity: ({ value }) => JSON.parse(value ?? '').orderId,
  effects: {
    from: 'db',
    query: 'select "orderId" as identity, count(*) as times from orders group by "orderId"',
  },
} satisfies Partial<Scenario>

/** The order and its row in the inbox are saved by a repository each. */
export const twoSaves: Scenario = defineScenario({
  ...common,
  name: 'nest 12 with TypeORM: two saves',
  app: { module: './nest-12-typeorm/src/main-two-saves.ts' },
  guarantee: exactlyOnce({ allow: ['dead-consumer'] }),
})

export const oneTransaction: Scenario = defineScenario({
  ...common,
  name: 'nest 12 with TypeORM: one transaction',
  app: { module: './nest-12-typeorm/src/main.ts' },
  guarantee: exactlyOnce({ allow: ['dead-consumer'] }),
})
