import { atLeastOnce, defineScenario } from 'onceover'
import { outbox } from './outbox.ts'

/** A row is marked as published, and then published: what fails in between is never sent. */
export default defineScenario({
  ...outbox(async (mark, send) => {
    await mark()
    await send()
  }),
  name: 'M21 outbox that marks before it is told',
  // Offsets are committed once the row is in the outbox.
  guarantee: atLeastOnce({ allow: ['commit-ahead'] }),
})
