import { atLeastOnce, defineScenario } from 'onceover'
import { outbox } from './outbox.ts'
import { pollLoop } from './poll-loop-outbox.ts'

/** A row is marked as published, and then published: what fails in between is never sent. */
export default defineScenario({
  ...outbox(async (mark, send) => {
    await mark()
    await send()
  }, pollLoop),
  name: 'M21 on a poll loop: outbox that marks before it is told',
  // Offsets are committed once the row is in the outbox.
  guarantee: atLeastOnce({ allow: ['commit-ahead'] }),
})
