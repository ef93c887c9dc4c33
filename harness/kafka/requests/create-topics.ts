import { TOPIC_CONFIGS } from '../log/topic-config-definitions.ts'
import { configsProblem, TopicConfigs } from '../log/topic-configs.ts'
import { newAssignmentProblem } from '../topics/replica-placement.ts'
import type { TopicOptions } from '../topics/topic.interface.ts'
import {
  type AnswerDraft,
  type ApiError,
  apiError,
  type ElementOf,
  errorFields,
  type RequestBody,
} from '../wire/index.ts'
import { describeTopicConfig } from './described-configs.ts'
import { type ClientContext, type RequestContext, servedAtOnce } from './handler.ts'
import { topicNameProblem } from './topic-names.ts'

type TopicToCreate = RequestBody<'CreateTopics'>['topics'][number]
type CreatedTopic = ElementOf<AnswerDraft<'CreateTopics'>['topics']>

/** The controller refuses requests that make more than this at once. */
export const PARTITIONS_MAX = 10_000
export const TOO_MANY_PARTITIONS = 'Unable to perform excessively large batch operation.'
const DUPLICATE = apiError('INVALID_REQUEST', 'Duplicate topic name.')

/**
 * CreateTopics (19), versions 0 to 7. Answers tell the configuration from 5 on (KIP-525), the
 * topic's id from 7 on.
 */
export const createTopics = servedAtOnce('CreateTopics')({
  min: 0,
  max: 7,
  apply: (context) => {
    const names = context.body.topics.map(({ name }) => name)
    return {
      topics: context.body.topics.flatMap((topic, index) => {
        if (names.indexOf(topic.name) === names.lastIndexOf(topic.name)) return [create(context, topic)]
        const again = names.indexOf(topic.name) < index
        return again ? [] : [{ name: topic.name, ...errorFields(DUPLICATE) }]
      }),
    }
  },
  refuse: ({ body }, errorCode) => ({
    topics: body.topics.map(({ name }) => ({ name, errorCode, errorMessage: null })),
  }),
})

/** The topic that it would collide with, or null: metrics cannot tell a dot from an underscore. */
function collision(topics: readonly { readonly name: string }[], name: string): string | null {
  if (!/[._]/.test(name)) return null
  const unified = name.replaceAll('.', '_')
  const other = topics.find((topic) => topic.name !== name && topic.name.replaceAll('.', '_') === unified)
  return other?.name ?? null
}

/** Why an assignment by hand will not do, or null. */
function misplaced(
  { numPartitions, replicationFactor, assignments }: TopicToCreate,
  cluster: ClientContext['cluster'],
): ApiError | null {
  const [first] = assignments
  if (first === undefined) return null
  const notOne = (what: string): ApiError =>
    apiError('INVALID_REQUEST', `A manual partition assignment was specified, but ${what} was not set to -1.`)
  if (replicationFactor !== -1) return notOne('replication factor')
  if (numPartitions !== -1) return notOne('numPartitions')
  const wrong = (message: string): ApiError => apiError('INVALID_REPLICA_ASSIGNMENT', message)
  const seen = new Set<number>()
  let factor: number | null = null
  for (const { partitionIndex, brokerIds } of assignments) {
    if (seen.has(partitionIndex))
      return wrong(`Found multiple manual partition assignments for partition ${partitionIndex}`)
    seen.add(partitionIndex)
    const problem = newAssignmentProblem(brokerIds, cluster, { factor, partition: partitionIndex })
    if (problem !== null) return wrong(problem)
    factor = brokerIds.length
  }
  const consecutive = assignments.every((_, index) => seen.has(index))
  return consecutive ? null : wrong('partitions should be a consecutive 0-based integer sequence')
}

/** Why there can be no such numbers of partitions and replicas, or null. */
function uncountable(
  { numPartitions, replicationFactor, assignments }: TopicToCreate,
  cluster: ClientContext['cluster'],
): ApiError | null {
  if (assignments.length > 0) return null
  if (replicationFactor < -1 || replicationFactor === 0)
    return apiError(
      'INVALID_REPLICATION_FACTOR',
      'Replication factor must be larger than 0, or -1 to use the default value.',
    )
  if (numPartitions < -1 || numPartitions === 0)
    return apiError('INVALID_PARTITIONS', 'Number of partitions was set to an invalid non-positive value.')
  const { length } = cluster.brokers
  if (replicationFactor <= length) return null
  const why = `The target replication factor of ${replicationFactor} cannot be reached because only ${length} broker(s) are registered.`
  return apiError(
    'INVALID_REPLICATION_FACTOR',
    `Unable to replicate the partition ${replicationFactor} time(s): ${why}`,
  )
}

/** Why this cannot be the configuration of a topic, or null. */
function misconfigured({ configs }: TopicToCreate): ApiError | null {
  const unset = configs.filter(({ value }) => value === null).map(({ name }) => name)
  if (unset.length > 0)
    return apiError('INVALID_CONFIG', `Null value not supported for topic configs: ${unset.join(',')}`)
  const problem = configsProblem(new Map(configs.map(({ name, value }) => [name, value ?? ''])))
  return problem === null ? null : apiError('INVALID_CONFIG', problem)
}

function placementOf({
  replicationFactor,
  assignments,
}: TopicToCreate): Pick<TopicOptions, 'factor' | 'assignments'> {
  if (assignments.length === 0) return replicationFactor === -1 ? {} : { factor: replicationFactor }
  const inOrder = assignments.toSorted((one, other) => one.partitionIndex - other.partitionIndex)
  return { assignments: inOrder.map(({ brokerIds }) => brokerIds) }
}

function create(context: RequestContext<'CreateTopics'>, asked: TopicToCreate): CreatedTopic {
  const refusal = refusalOf(context, asked)
  if (refusal !== null) return { name: asked.name, ...errorFields(refusal) }
  return made(context, asked)
}

/** In the order in which the controller looks. */
function refusalOf({ cluster }: RequestContext<'CreateTopics'>, asked: TopicToCreate): ApiError | null {
  const { name } = asked
  const illegal = topicNameProblem(name)
  if (cluster.controller.topic(name) !== undefined)
    return apiError('TOPIC_ALREADY_EXISTS', `Topic '${name}' already exists.`)
  if (illegal !== null) return apiError('INVALID_TOPIC_EXCEPTION', illegal)
  const collides = collision(cluster.topics.list(), name)
  if (collides !== null)
    return apiError('INVALID_TOPIC_EXCEPTION', `Topic '${name}' collides with existing topic: ${collides}`)
  const problem = misconfigured(asked) ?? misplaced(asked, cluster) ?? uncountable(asked, cluster)
  if (problem !== null) return problem
  return partitionsOf(cluster, asked) > PARTITIONS_MAX
    ? apiError('POLICY_VIOLATION', TOO_MANY_PARTITIONS)
    : null
}

function partitionsOf(
  { settings }: ClientContext['cluster'],
  { numPartitions, assignments }: TopicToCreate,
): number {
  if (assignments.length > 0) return assignments.length
  return numPartitions === -1 ? settings['num.partitions'] : numPartitions
}

function made({ cluster, body }: RequestContext<'CreateTopics'>, asked: TopicToCreate): CreatedTopic {
  const { name, replicationFactor, assignments } = asked
  const partitions = partitionsOf(cluster, asked)
  const given = new Map(asked.configs.map(({ name: config, value }) => [config, value ?? '']))
  const topic = body.validateOnly
    ? null
    : cluster.controller.create(name, partitions, { configs: given, ...placementOf(asked) })
  const configs = new TopicConfigs(cluster.settings, given)
  const byDefault = Math.min(cluster.settings['default.replication.factor'], cluster.brokers.length)
  return {
    name,
    topicId: topic?.id ?? cluster.controller.freshId(),
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
