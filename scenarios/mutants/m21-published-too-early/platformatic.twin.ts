import { atLeastOnce, defineScenario } from 'onceover'
import { outbox } from './outbox.ts'
import { platformatic } from './platformatic-outbox.ts'

/** A row is marked as published once it is known to be. */
export default defineScenario({
  ...outbox(async (mark, send) => {
    await send()
    await mark()
  }, platformatic),
  name: 'M21 twin on @platformatic/kafka: outbox that marks when it is told',
  // Offsets are committed once the row is in the outbox.
  guarantee: atLeastOnce({ allow: ['commit-ahead'] }),
})
