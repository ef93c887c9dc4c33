import { factorOf } from '../log/partitions.ts'
import { isAssignable } from '../log/replica-placement.ts'
import { PARTITIONS_MAX } from './create-topics.ts'
import { answerNow, code, type RequestContext, type Served } from './handler.ts'

interface Request {
  readonly topics: readonly {
    readonly name: string
    readonly count: number
    readonly assignments: readonly { readonly brokerIds: readonly number[] }[] | null
  }[]
  readonly validateOnly: boolean
}

/** CreatePartitions (37), versions 0 to 3. The count is the new total (KIP-195). */
export const createPartitions: Served = {
  key: 37,
  min: 0,
  max: 3,
  handler: answerNow<Request>(
    (context) => ({
      results: context.body.topics
        .filter(({ name }, index) => context.body.topics.findIndex((each) => each.name === name) === index)
        .map((topic) => ({
          name: topic.name,
          errorCode: code(grow(context, topic)),
          errorMessage: null,
        })),
    }),
    ({ body }, errorCode) => ({
      results: body.topics.map(({ name }) => ({ name, errorCode, errorMessage: null })),
    }),
  ),
}

function grow(
  { cluster, body }: RequestContext<Request>,
  { name, count, assignments }: Request['topics'][number],
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
