import { atLeastOnce, defineScenario } from 'onceover'
import { eachThenCommit } from '../../poll-loop/each.ts'
import { startPollLoop } from '../../poll-loop/service.ts'

/** Begins at the first record where it has committed nothing. */
export default defineScenario({
  name: 'M28 twin on a poll loop: sensors read from the beginning',
  topics: { sensors: { partitions: 1 } },
  records: {
    sensors: Array.from({ length: 4 }, (_, index) => ({ value: `t-${index}`, atMs: 10_000 + index * 1_000 })),
  },
  consumers: 1,
  guarantee: atLeastOnce(),
  app: (context) =>
    startPollLoop(context, {
      group: 'sensors',
      topics: ['sensors'],
      settings: { 'auto.offset.reset': 'earliest' },
      handle: eachThenCommit((record) => context.effects.record(record, 'stored')),
    }),
})
