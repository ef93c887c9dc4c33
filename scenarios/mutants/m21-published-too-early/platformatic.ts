import { atLeastOnce, defineScenario } from 'onceover'
import { outbox } from './outbox.ts'
import { platformatic } from './platformatic-outbox.ts'

/** A row is marked as published, and then published: what fails in between is never sent. */
export default defineScenario({
  ...outbox(async (mark, send) => {
    await mark()
    await send()
  }, platformatic),
  name: 'M21 on @platformatic/kafka: outbox that marks before it is told',
  // Offsets are committed once the row is in the outbox.
  guarantee: atLeastOnce({ allow: ['commit-ahead'] }),
})
