import { fault, harness } from './fault.ts'
import { partition } from './targets.ts'

/** Leadership of the partition moves to the next live broker. */
export const leaderMoved = fault({
  kind: 'leader-moved',
  family: 'broker',
  target: partition,
  acts: 'instant',
  effect: 'leadership moves to the next live broker',
  words: ({ target }) => `move the leader of ${target}`,
  told: ({ target }) => harness(`another broker becomes the leader of ${target}`),
  pointless: ({ brokers }) => brokers < 2,
})
