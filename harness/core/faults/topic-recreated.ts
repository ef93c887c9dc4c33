import { fault, harness } from './fault.ts'
import { topic } from './targets.ts'

/** An operator deletes the topic and creates it again; a record is appended to each partition. */
export const topicRecreated = fault({
  kind: 'topic-recreated',
  family: 'operator',
  target: topic,
  acts: 'instant',
  effect: 'it is deleted and created again, with one record in each partition: offsets start again',
  words: ({ target }) => `delete the topic ${target} and recreate it`,
  told: ({ target }) => harness(`the topic ${target} is deleted and recreated`),
})
