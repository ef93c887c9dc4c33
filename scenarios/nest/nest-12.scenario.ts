import { atLeastOnce, defineScenario } from 'onceover'

export default defineScenario({
  name: 'nest 12, hybrid',
  topics: { orders: { partitions: 2 } },
  records: {
    orders: Array.from({ length: 6 }, (_, index) => ({ value: JSON.stringify({ id: `o${index}` }) })),
  },
  consumers: 1,
  app: { module: './nest-12/src/main.ts' },
  env: { KAFKA_BROKERS: 'broker-0:9092' },
  effects: 'handlers',
  guarantee: atLeastOnce({ allow: ['dead-consumer'] }),
})
