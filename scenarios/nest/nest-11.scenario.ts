import { atLeastOnce, defineScenario, type Scenario } from 'onceover'

const common = {
  topics: { orders: { partitions: 2 } },
  records: {
    orders: Array.from({ length: 4 }, (_, index) => ({ value: JSON.stringify({ id: `o${index}` }) })),
  },
  consumers: 1,
  effects: 'reported',
} satisfies Partial<Scenario>

/** An exception filter that logs: what could not be saved is committed all the same. */
export const logs: Scenario = defineScenario({
  ...common,
  name: 'nest 11, a filter logs errors',
  app: { module: './nest-11/src/main.ts' },
  guarantee: atLeastOnce({ allow: ['dead-consumer'] }),
})

export const rethrows: Scenario = defineScenario({
  ...common,
  name: 'nest 11, a filter gives errors back',
  app: { module: './nest-11/src/main-rethrows.ts' },
  guarantee: atLeastOnce({ allow: ['dead-consumer'] }),
})
