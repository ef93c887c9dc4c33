import { seconds } from '../seconds.ts'
import { fault, harness } from './fault.ts'
import { ms } from './fields.ts'
import { writtenTopic } from './targets.ts'

/**
 * None is so short that real processes are still starting. The last one outlasts the 5 min for
 * which clients take what they know of topics to be true.
 */
const LATE_MS = [10_000, 60_000, 330_000]

/**
 * An operator makes a topic of the scenario in mid-run: until then there is none, unless the app
 * makes it, and its records come when it is there.
 */
export const topicLate = fault({
  kind: 'topic-late',
  family: 'operator',
  target: writtenTopic,
  fields: {
    durationMs: { ...ms(() => LATE_MS), plainer: (value: number) => LATE_MS.filter((each) => each < value) },
  },
  acts: 'lasting',
  effect: 'it is made only after `durationMs`, and its records are written then',
  words: ({ target }) => `leave out the topic ${target}`,
  afterwards: ({ durationMs }) => `, until an operator makes it after ${seconds(durationMs)}`,
  told: ({ target, durationMs }) =>
    harness(`for ${seconds(durationMs)} there is no topic ${target}, until an operator makes it`),
  moment: () => ({ atMs: 0 }),
})
