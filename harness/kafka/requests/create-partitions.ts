import { factorOf } from '../topics/partitions.ts'
import { newAssignmentProblem } from '../topics/replica-placement.ts'
import { type ApiError, apiError, errorFields, NO_ERROR, type RequestBody } from '../wire/index.ts'
import { PARTITIONS_MAX, TOO_MANY_PARTITIONS } from './create-topics.ts'
import { type RequestContext, servedAtOnce } from './handler.ts'

/** CreatePartitions (37), versions 0 to 3. The count is the new total (KIP-195). */
export const createPartitions = servedAtOnce('CreatePartitions')({
  min: 0,
  max: 3,
  apply: (context) => ({
    results: context.body.topics
      .filter(({ name }, index) => context.body.topics.findIndex((each) => each.name === name) === index)
      .map((topic) => ({
        name: topic.name,
        ...errorFields(grow(context, topic)),
      })),
  }),
  refuse: ({ body }, errorCode) => ({
    results: body.topics.map(({ name }) => ({ name, errorCode, errorMessage: null })),
  }),
})

function grow(
  { cluster, body }: RequestContext<'CreatePartitions'>,
  { name, count, assignments }: RequestBody<'CreatePartitions'>['topics'][number],
): ApiError {
  if (body.topics.filter((each) => each.name === name).length > 1)
    return apiError('INVALID_REQUEST', 'Duplicate topic name.')
  const topic = cluster.controller.topic(name)
  // One that waits for the deletion of its predecessor has no partitions yet.
  if (topic === undefined || topic !== cluster.topics.get(name))
    return apiError('UNKNOWN_TOPIC_OR_PARTITION', null)
  if (topic.isInternal) return apiError('INVALID_TOPIC_EXCEPTION')
  const { length } = topic.partitions
  if (count === length) return apiError('INVALID_PARTITIONS', `Topic already has ${length} partition(s).`)
  if (count < length)
    return apiError(
      'INVALID_PARTITIONS',
      `The topic ${name} currently has ${length} partition(s); ${count} would not be an increase.`,
    )
  const more = count - length
  if (more > PARTITIONS_MAX) return apiError('POLICY_VIOLATION', TOO_MANY_PARTITIONS)
  const byHand = assignments?.map(({ brokerIds }) => brokerIds)
  if (byHand !== undefined) {
    const problem =
      byHand.length === more
        ? byHand
            .map((assigned, index) =>
              newAssignmentProblem(assigned, cluster, { factor: factorOf(topic), partition: length + index }),
            )
            .find((each) => each !== null)
        : `Attempted to add ${more} additional partition(s), but only ${byHand.length} assignment(s) were specified.`
    if (problem != null) return apiError('INVALID_REPLICA_ASSIGNMENT', problem)
  }
  if (!body.validateOnly) cluster.controller.addPartitions(name, more, byHand)
  return NO_ERROR
}
