import { fault } from './fault.ts'
import { count } from './fields.ts'
import { processesOf, topic } from './targets.ts'

/** An operator adds `count` partitions to the topic. */
export const partitionsAdded = fault({
  kind: 'partitions-added',
  family: 'rebalance',
  target: topic,
  fields: { count: count(1) },
  acts: 'instant',
  effect: '`count` more partitions, each with one record',
  words: ({ target, count: added }) => `add ${added} partition${added === 1 ? '' : 's'} to ${target}`,
  shownBy: (event, target) => event.kind === 'partitions-added' && event.topic === target,
  told: () => null,
  targets: ({ event }, { consumed }) => (processesOf(event).length === 0 ? [] : consumed),
})
