import { answerNow, code, type RequestContext, type Served } from './handler.ts'
import { isLegalTopicName } from './metadata.ts'

interface Request {
  readonly topics: readonly TopicToCreate[]
  readonly validateOnly: boolean
}

interface TopicToCreate {
  readonly name: string
  readonly numPartitions: number
  readonly replicationFactor: number
  readonly assignments: readonly { readonly partitionIndex: number }[]
}

/** The controller refuses requests that make more than this at once. */
export const PARTITIONS_MAX = 10_000

/** CreateTopics (19), versions 0 to 4. Configuration entries are accepted and not kept. */
export const createTopics: Served = {
  key: 19,
  min: 0,
  max: 4,
  handler: answerNow<Request>(
    (context) => ({
      topics: context.body.topics.map((topic) => ({
        name: topic.name,
        errorCode: code(create(context, topic)),
        errorMessage: null,
      })),
    }),
    ({ body }, errorCode) => ({
      topics: body.topics.map(({ name }) => ({ name, errorCode, errorMessage: null })),
    }),
  ),
}

function create(
  { cluster, body }: RequestContext<Request>,
  { name, numPartitions, replicationFactor, assignments }: TopicToCreate,
): string {
  if (!isLegalTopicName(name)) return 'INVALID_TOPIC_EXCEPTION'
  if (cluster.topics.get(name) !== undefined) return 'TOPIC_ALREADY_EXISTS'
  const partitions =
    assignments.length > 0
      ? assignments.length
      : numPartitions === -1
        ? cluster.settings['num.partitions']
        : numPartitions
  if (partitions <= 0) return 'INVALID_PARTITIONS'
  if (partitions > PARTITIONS_MAX) return 'POLICY_VIOLATION'
  const tooManyCopies = replicationFactor > cluster.liveBrokers.length || replicationFactor === 0
  if (assignments.length === 0 && tooManyCopies) return 'INVALID_REPLICATION_FACTOR'
  if (body.validateOnly !== true) cluster.topics.create(name, partitions)
  return 'NONE'
}
