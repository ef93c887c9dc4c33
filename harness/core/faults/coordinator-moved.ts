import { fault, harness } from './fault.ts'
import { group } from './targets.ts'

/** The group's coordinator moves to the next live broker, which loads its log first. */
export const coordinatorMoved = fault({
  kind: 'coordinator-moved',
  family: 'broker',
  target: group,
  acts: 'instant',
  handsOver: true,
  effect: 'the coordinator moves and loads its log first',
  words: ({ target }) => `move the coordinator of the group ${target}`,
  told: ({ target }) => harness(`another broker becomes the coordinator of ${target}`),
})
