import { atLeastOnce, defineScenario, type Scenario } from 'onceover'
import { IN_STOCK } from './consumer.ts'

/** More orders than there is in stock, and what must be so whatever happens. */
export function stockScenario(name: string, module: string): Scenario {
  return defineScenario({
    name,
    topics: { orders: { partitions: 2 } },
    records: { orders: 6 },
    consumers: 2,
    app: { module },
    invariants: {
      'no more is reserved than there was': ({ history }) =>
        history.events.filter(({ kind }) => kind === 'effect').length > IN_STOCK
          ? 'too much is reserved'
          : undefined,
    },
    measures: { stoppedMsMax: 600_000 },
    guarantee: atLeastOnce(),
  })
}
