import { PARTITIONS_MAX } from './create-topics.ts'
import { answerNow, code, type RequestContext, type Served } from './handler.ts'

interface Request {
  readonly topics: readonly { readonly name: string; readonly count: number }[]
  readonly validateOnly: boolean
}

/** CreatePartitions (37), versions 0 to 3. The count is the new total (KIP-195). */
export const createPartitions: Served = {
  key: 37,
  min: 0,
  max: 3,
  handler: answerNow<Request>(
    (context) => ({
      results: context.body.topics.map(({ name, count }) => ({
        name,
        errorCode: code(grow(context, name, count)),
        errorMessage: null,
      })),
    }),
    ({ body }, errorCode) => ({
      results: body.topics.map(({ name }) => ({ name, errorCode, errorMessage: null })),
    }),
  ),
}

function grow({ cluster, body }: RequestContext<Request>, name: string, count: number): string {
  const topic = cluster.topics.get(name)
  if (topic === undefined) return 'UNKNOWN_TOPIC_OR_PARTITION'
  if (count <= topic.partitions.length) return 'INVALID_PARTITIONS'
  if (count - topic.partitions.length > PARTITIONS_MAX) return 'POLICY_VIOLATION'
  if (!body.validateOnly) cluster.topics.addPartitions(name, count - topic.partitions.length)
  return 'NONE'
}
