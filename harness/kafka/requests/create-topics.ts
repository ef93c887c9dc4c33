import { isAssignable } from '../log/replica-placement.ts'
import type { TopicOptions } from '../log/topic.interface.ts'
import { TOPIC_CONFIGS } from '../log/topic-config-definitions.ts'
import { configProblem, TopicConfigs } from '../log/topic-configs.ts'
import type { AnswerDraft, ElementOf, RequestBody } from '../wire/index.ts'
import { describeTopicConfig } from './describe-configs.ts'
import { type ClientContext, code, type RequestContext, servedAtOnce } from './handler.ts'
import { isLegalTopicName } from './metadata.ts'

type TopicToCreate = RequestBody<'CreateTopics'>['topics'][number]
type CreatedTopic = ElementOf<AnswerDraft<'CreateTopics'>['topics']>

/** The controller refuses requests that make more than this at once. */
export const PARTITIONS_MAX = 10_000

/** CreateTopics (19), versions 0 to 7. Answers tell the configuration from 5 on (KIP-525), the topic's id from 7 on. */
export const createTopics = servedAtOnce('CreateTopics', {
  min: 0,
  max: 7,
  apply: (context) => {
    const names = context.body.topics.map(({ name }) => name)
    return {
      topics: context.body.topics.flatMap((topic, index) => {
        if (names.indexOf(topic.name) === names.lastIndexOf(topic.name)) return [create(context, topic)]
        const again = names.indexOf(topic.name) < index
        return again ? [] : [failed(topic.name, 'INVALID_REQUEST', 'Duplicate topic name.')]
      }),
    }
  },
  refuse: ({ body }, errorCode) => ({
    topics: body.topics.map(({ name }) => ({ name, errorCode, errorMessage: null })),
  }),
})

/** Metrics cannot tell a dot from an underscore. */
function collides(topics: readonly { readonly name: string }[], name: string): boolean {
  if (!/[._]/.test(name)) return false
  const unified = name.replaceAll('.', '_')
  return topics.some((topic) => topic.name !== name && topic.name.replaceAll('.', '_') === unified)
}

/** What is wrong with an assignment by hand, or null. */
function misplaced(
  { numPartitions, replicationFactor, assignments }: TopicToCreate,
  cluster: ClientContext['cluster'],
): 'INVALID_REQUEST' | 'INVALID_REPLICA_ASSIGNMENT' | null {
  const [first] = assignments
  if (first === undefined) return null
  if (replicationFactor !== -1 || numPartitions !== -1) return 'INVALID_REQUEST'
  const indexes = new Set(assignments.map(({ partitionIndex }) => partitionIndex))
  const sound = assignments.every(
    ({ brokerIds }) => brokerIds.length === first.brokerIds.length && isAssignable(brokerIds, cluster),
  )
  const consecutive = assignments.every((_, index) => indexes.has(index))
  return sound && consecutive ? null : 'INVALID_REPLICA_ASSIGNMENT'
}

function placementOf({
  replicationFactor,
  assignments,
}: TopicToCreate): Pick<TopicOptions, 'factor' | 'assignments'> {
  if (assignments.length === 0) return replicationFactor === -1 ? {} : { factor: replicationFactor }
  const inOrder = assignments.toSorted((one, other) => one.partitionIndex - other.partitionIndex)
  return { assignments: inOrder.map(({ brokerIds }) => brokerIds) }
}

function failed(name: string, error: string, errorMessage: string | null = null): CreatedTopic {
  return { name, errorCode: code(error), errorMessage }
}

function create({ cluster, body }: RequestContext<'CreateTopics'>, asked: TopicToCreate): CreatedTopic {
  const { name, numPartitions, replicationFactor, assignments } = asked
  if (!isLegalTopicName(name)) return failed(name, 'INVALID_TOPIC_EXCEPTION')
  if (cluster.topics.atController(name) !== undefined) return failed(name, 'TOPIC_ALREADY_EXISTS')
  if (collides(cluster.topics.list(), name)) return failed(name, 'INVALID_TOPIC_EXCEPTION')
  const problem = misplaced(asked, cluster)
  if (problem !== null) return failed(name, problem)
  const partitions =
    assignments.length > 0
      ? assignments.length
      : numPartitions === -1
        ? cluster.settings['num.partitions']
        : numPartitions
  if (partitions <= 0) return failed(name, 'INVALID_PARTITIONS')
  if (partitions > PARTITIONS_MAX) return failed(name, 'POLICY_VIOLATION')
  const impossible = replicationFactor > cluster.brokers.length || replicationFactor === 0
  if (assignments.length === 0 && impossible) return failed(name, 'INVALID_REPLICATION_FACTOR')
  for (const { name: config, value } of asked.configs) {
    const unfit = configProblem(config, value)
    if (unfit !== null) return failed(name, 'INVALID_CONFIG', unfit)
  }
  const given = new Map(asked.configs.map(({ name: config, value }) => [config, value ?? '']))
  const topic = body.validateOnly
    ? null
    : cluster.topics.create(name, partitions, { configs: given, ...placementOf(asked) })
  const configs = new TopicConfigs(cluster.settings, given)
  const byDefault = Math.min(cluster.settings['default.replication.factor'], cluster.brokers.length)
  return {
    name,
    topicId: topic?.id ?? cluster.topics.freshId(),
    errorCode: 0,
    errorMessage: null,
    numPartitions: partitions,
    replicationFactor:
      assignments[0]?.brokerIds.length ?? (replicationFactor === -1 ? byDefault : replicationFactor),
    configs: [...TOPIC_CONFIGS.values()].map((definition) =>
      describeTopicConfig(definition, configs, cluster.settings),
    ),
  }
}
