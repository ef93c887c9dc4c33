import { atLeastOnce, defineScenario } from 'onceover'

/** Events and questions of NestJS 10, as CommonJS; `main.ts` is what anybody would write. */
export default defineScenario({
  name: 'nest 10',
  topics: { orders: { partitions: 2 }, questions: { partitions: 1 }, answers: { partitions: 1 } },
  records: {
    orders: Array.from({ length: 4 }, (_, index) => ({ value: JSON.stringify({ id: `o${index}` }) })),
    questions: Array.from({ length: 2 }, (_, index) => ({
      value: JSON.stringify({ id: `q${index}` }),
      headers: { kafka_correlationId: String(index), kafka_replyTopic: 'answers', kafka_replyPartition: '0' },
    })),
  },
  consumers: 1,
  app: { module: './nest-10/src/main.ts' },
  env: { KAFKA_BROKERS: 'broker-0:9092' },
  effects: 'handlers',
  guarantee: atLeastOnce({ allow: ['dead-consumer'] }),
})
