import { atLeastOnce, defineScenario } from 'onceover'
import { outbox } from './outbox.ts'

/** A row is marked as published once it is known to be. */
export default defineScenario({
  ...outbox(async (mark, send) => {
    await send()
    await mark()
  }),
  name: 'M21 twin: outbox that marks when it is told',
  // Offsets are committed once the row is in the outbox.
  guarantee: atLeastOnce({ allow: ['commit-ahead'] }),
})
