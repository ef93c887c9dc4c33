import { atLeastOnce, defineScenario } from 'onceover'
import { outbox } from './outbox.ts'
import { pollLoop } from './poll-loop-outbox.ts'

/** A row is marked as published once it is known to be. */
export default defineScenario({
  ...outbox(async (mark, send) => {
    await send()
    await mark()
  }, pollLoop),
  name: 'M21 twin on a poll loop: outbox that marks when it is told',
  // Offsets are committed once the row is in the outbox.
  guarantee: atLeastOnce({ allow: ['commit-ahead'] }),
})
