import { CLUSTER_NAME } from '../../access/acl.ts'
import { NO_TOPIC_ID } from '../../log/topic-ids.ts'
import type { ApiName, Body } from '../../wire/index.ts'
import { code, type RequestContext } from '../handler.ts'
import { type Access, judged, type Rule, text, transactional } from './rules.ts'

const IDS_FROM = 6
const BATCHED_FROM = 4
const SEVERAL_GROUPS_FROM = 8
const PRODUCE_IDS_FROM = 13

function nameOf({ cluster }: RequestContext, { name, topicId }: Body): string {
  if (typeof name === 'string') return name
  return cluster.topics.byId(text(topicId))?.name ?? ''
}

function isCreated({ cluster, body, version }: RequestContext, name: string): boolean {
  if (cluster.topics.get(name) !== undefined || !cluster.settings['auto.create.topics.enable']) return false
  return version < 4 || body['allowAutoTopicCreation'] === true
}

const TRANSACTION_KEY = 1

function judgedKey(access: Access, { body }: RequestContext, key: unknown): string | null {
  return judged(
    access,
    'Describe',
    body['keyType'] === TRANSACTION_KEY ? 'TransactionalId' : 'Group',
    text(key),
  )
}

function mayCreate(access: Access, name: string): boolean {
  return access.may('Create', 'Cluster', CLUSTER_NAME) || access.may('Create', 'Topic', name)
}

const REFUSED = 'TOPIC_AUTHORIZATION_FAILED'

/** Named topics are refused; of all topics the others are not shown. Partitions of internal topics need no more. */
const metadata: Rule = {
  parts: ({ body, version }) => {
    const topics = body['topics']
    if (topics === null || (version === 0 && (topics as unknown[]).length === 0)) return null
    return {
      asked: 'topics',
      answered: 'topics',
      evenNothing: true,
      judge: (access, entry, context) => {
        const asked = entry as Body
        const known = asked['topicId'] === NO_TOPIC_ID || asked['topicId'] === undefined
        const name = nameOf(context, asked)
        if (!known && name === '') return null
        if (!access.may('Describe', 'Topic', name)) return REFUSED
        return isCreated(context, name) && !mayCreate(access, name) ? REFUSED : null
      },
    }
  },
  show: (access, answer, { body }) => ({
    ...answer,
    topics: (answer['topics'] as Body[]).filter(
      ({ errorCode, name }) =>
        body['topics'] !== null || errorCode !== 0 || access.may('Describe', 'Topic', text(name)),
    ),
  }),
}

/** Offsets of topics that may not be described are left out, or refused where they were named. */
const offsetFetch: Rule = {
  whole: (access, { body, version }) =>
    version < SEVERAL_GROUPS_FROM ? judged(access, 'Describe', 'Group', text(body['groupId'])) : null,
  parts: ({ version }) =>
    version < SEVERAL_GROUPS_FROM
      ? null
      : {
          asked: 'groups',
          answered: 'groups',
          judge: (access, group) => judged(access, 'Describe', 'Group', text((group as Body)['groupId'])),
        },
  show: (access, answer, { body, version }) => {
    if (version < SEVERAL_GROUPS_FROM) return withoutOthers(access, answer, body['topics'] === null)
    const asked = body['groups'] as Body[]
    return {
      ...answer,
      groups: (answer['groups'] as Body[]).map((group) => {
        const all = asked.find(({ groupId }) => groupId === group['groupId'])?.['topics'] === null
        return withoutOthers(access, group, all)
      }),
    }
  },
}

function withoutOthers(access: Access, group: Body, all: boolean): Body {
  const topics = (group['topics'] as Body[]).flatMap((topic) => {
    if (access.may('Describe', 'Topic', text(topic['name']))) return [topic]
    if (all) return []
    const partitions = (topic['partitions'] as Body[]).map(({ partitionIndex }) => ({
      partitionIndex,
      committedOffset: -1n,
      committedLeaderEpoch: -1,
      metadata: '',
      errorCode: code(REFUSED),
    }))
    return [{ ...topic, partitions }]
  })
  return { ...group, topics }
}

/** All or nothing: what stands beside a topic that may not be written is not tried. */
const addPartitionsToTxn: Rule = {
  whole: (access, { body, version }) => {
    if (version >= BATCHED_FROM) return judged(access, 'ClusterAction', 'Cluster', CLUSTER_NAME)
    return judged(access, 'Write', 'TransactionalId', text(body['v3AndBelowTransactionalId']))
  },
  instead: (access, { body, version }) => {
    if (version >= BATCHED_FROM) return null
    const topics = body['v3AndBelowTopics'] as { name: string; partitions: number[] }[]
    const may = ({ name }: { name: string }): boolean => access.may('Write', 'Topic', name)
    if (topics.every(may)) return null
    const resultsByTopicV3AndBelow = topics.map((topic) => ({
      name: topic.name,
      resultsByPartition: topic.partitions.map((partitionIndex) => ({
        partitionIndex,
        partitionErrorCode: code(may(topic) ? 'OPERATION_NOT_ATTEMPTED' : REFUSED),
      })),
    }))
    return { resultsByTopicV3AndBelow }
  },
}

export const TOPIC_RULES: Readonly<Partial<Record<ApiName, Rule>>> = {
  Metadata: metadata,
  OffsetFetch: offsetFetch,
  AddPartitionsToTxn: addPartitionsToTxn,
  Produce: {
    whole: transactional,
    parts: () => ({
      asked: 'topicData',
      answered: 'responses',
      judge: (access, topic, context) => {
        const name =
          context.version < PRODUCE_IDS_FROM
            ? undefined
            : nameOf(context, { topicId: (topic as Body)['topicId'] })
        // An id that nobody knows is nobody's secret.
        return name === '' ? null : judged(access, 'Write', 'Topic', name ?? text((topic as Body)['name']))
      },
    }),
  },
  DescribeTopicPartitions: {
    parts: ({ body }) =>
      (body['topics'] as unknown[]).length === 0
        ? null
        : {
            asked: 'topics',
            answered: 'topics',
            judge: (access, topic) => judged(access, 'Describe', 'Topic', text((topic as Body)['name'])),
          },
    show: (access, answer) => ({
      ...answer,
      topics: (answer['topics'] as Body[]).filter(
        ({ errorCode, name }) => errorCode !== 0 || access.may('Describe', 'Topic', text(name)),
      ),
    }),
  },
  FindCoordinator: {
    whole: (access, context) =>
      context.version < BATCHED_FROM ? judgedKey(access, context, context.body['key']) : null,
    parts: ({ version }) =>
      version < BATCHED_FROM
        ? null
        : {
            asked: 'coordinatorKeys',
            answered: 'coordinators',
            judge: (access, key, context) => judgedKey(access, context, key),
          },
  },
  CreateTopics: {
    parts: () => ({
      asked: 'topics',
      answered: 'topics',
      judge: (access, topic) => (mayCreate(access, text((topic as Body)['name'])) ? null : REFUSED),
    }),
  },
  DeleteTopics: {
    parts: ({ version }) => ({
      asked: version < IDS_FROM ? 'topicNames' : 'topics',
      answered: 'responses',
      judge: (access, topic, context) => {
        const name = typeof topic === 'string' ? topic : nameOf(context, topic as Body)
        if (access.may('Delete', 'Cluster', CLUSTER_NAME)) return null
        return access.may('Describe', 'Topic', name) && access.may('Delete', 'Topic', name) ? null : REFUSED
      },
    }),
  },
  ConsumerGroupHeartbeat: {
    whole: (access, { body }) => {
      const topics = (body['subscribedTopicNames'] as string[] | null) ?? []
      return (
        judged(access, 'Read', 'Group', text(body['groupId'])) ??
        (topics.every((name) => access.may('Describe', 'Topic', name)) ? null : REFUSED)
      )
    },
  },
}
