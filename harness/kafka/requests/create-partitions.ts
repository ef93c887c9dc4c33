import { factorOf } from '../log/partitions.ts'
import { isAssignable } from '../log/replica-placement.ts'
import type { RequestBody } from '../wire/index.ts'
import { PARTITIONS_MAX } from './create-topics.ts'
import { code, type RequestContext, servedAtOnce } from './handler.ts'

/** CreatePartitions (37), versions 0 to 3. The count is the new total (KIP-195). */
export const createPartitions = servedAtOnce('CreatePartitions', {
  min: 0,
  max: 3,
  apply: (context) => ({
    results: context.body.topics
      .filter(({ name }, index) => context.body.topics.findIndex((each) => each.name === name) === index)
      .map((topic) => ({
        name: topic.name,
        errorCode: code(grow(context, topic)),
        errorMessage: null,
      })),
  }),
  refuse: ({ body }, errorCode) => ({
    results: body.topics.map(({ name }) => ({ name, errorCode, errorMessage: null })),
  }),
})

function grow(
  { cluster, body }: RequestContext<'CreatePartitions'>,
  { name, count, assignments }: RequestBody<'CreatePartitions'>['topics'][number],
): string {
  if (body.topics.filter((each) => each.name === name).length > 1) return 'INVALID_REQUEST'
  const topic = cluster.topics.atController(name)
  // One that waits for the deletion of its predecessor has no partitions yet.
  if (topic === undefined || topic !== cluster.topics.get(name)) return 'UNKNOWN_TOPIC_OR_PARTITION'
  if (topic.isInternal) return 'INVALID_TOPIC_EXCEPTION'
  const more = count - topic.partitions.length
  if (more <= 0) return 'INVALID_PARTITIONS'
  if (more > PARTITIONS_MAX) return 'POLICY_VIOLATION'
  const byHand = assignments?.map(({ brokerIds }) => brokerIds)
  const sound = byHand?.every(
    (assigned) => assigned.length === factorOf(topic) && isAssignable(assigned, cluster),
  )
  if (byHand !== undefined && (byHand.length !== more || !sound)) return 'INVALID_REPLICA_ASSIGNMENT'
  if (!body.validateOnly) cluster.topics.addPartitions(name, more, byHand)
  return 'NONE'
}
