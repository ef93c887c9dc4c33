import { CLUSTER_NAME } from '../../access/acl.ts'
import { NO_TOPIC_ID } from '../../topics/topic-ids.ts'
import type { AnswerDraft, ElementOf } from '../../wire/index.ts'
import { type ClientContext, code, type RequestContext } from '../handler.ts'
import { type Access, judged, type Rule, type Rules, transactional } from './rule.ts'

const IDS_FROM = 6
const BATCHED_FROM = 4
const SEVERAL_GROUPS_FROM = 8
const PRODUCE_IDS_FROM = 13

/**
 * The name of the topic that an entry names, or gives the id of; empty where nobody knows the id.
 */
function nameOf(
  { cluster }: ClientContext,
  { name, topicId }: { readonly name: string | null; readonly topicId: string },
): string {
  return name ?? cluster.topics.byId(topicId)?.name ?? ''
}

function isCreated({ cluster, body, version }: RequestContext<'Metadata'>, name: string): boolean {
  if (cluster.topics.get(name) !== undefined || !cluster.settings['auto.create.topics.enable']) return false
  return version < 4 || body.allowAutoTopicCreation
}

const TRANSACTION_KEY = 1

function judgedKey(access: Access, { body }: RequestContext<'FindCoordinator'>, key: string): string | null {
  return judged(access, 'Describe', body.keyType === TRANSACTION_KEY ? 'TransactionalId' : 'Group', key)
}

function mayCreate(access: Access, name: string): boolean {
  return access.may('Create', 'Cluster', CLUSTER_NAME) || access.may('Create', 'Topic', name)
}

const REFUSED = 'TOPIC_AUTHORIZATION_FAILED'

/**
 * Named topics are refused; of all topics the others are not shown. Partitions of internal topics
 * need no more.
 */
const metadata: Rule<'Metadata'> = {
  parts: ({ body, version }) => {
    const { topics } = body
    if (topics === null || (version === 0 && topics.length === 0)) return null
    return {
      asked: 'topics',
      answered: 'topics',
      evenNothing: true,
      judge: (access, asked, context) => {
        const name = nameOf(context, asked)
        if (asked.topicId !== NO_TOPIC_ID && name === '') return null
        if (!access.may('Describe', 'Topic', name)) return REFUSED
        return isCreated(context, name) && !mayCreate(access, name) ? REFUSED : null
      },
    }
  },
  show: (access, answer, { body }) => ({
    ...answer,
    topics: (answer.topics ?? []).filter(
      ({ errorCode, name }) =>
        body.topics !== null || errorCode !== 0 || access.may('Describe', 'Topic', name ?? ''),
    ),
  }),
}

type AnsweredGroup = ElementOf<AnswerDraft<'OffsetFetch'>['groups']>

/** Offsets of topics that may not be described are left out, or refused where they were named. */
const offsetFetch: Rule<'OffsetFetch'> = {
  whole: (access, { body, version }) =>
    version < SEVERAL_GROUPS_FROM ? judged(access, 'Describe', 'Group', body.groupId) : null,
  parts: ({ version }) =>
    version < SEVERAL_GROUPS_FROM
      ? null
      : {
          asked: 'groups',
          answered: 'groups',
          judge: (access, { groupId }) => judged(access, 'Describe', 'Group', groupId),
        },
  show: (access, answer, { body, version }) => {
    if (version < SEVERAL_GROUPS_FROM)
      return { ...answer, topics: withoutOthers(access, answer.topics ?? [], body.topics === null) }
    return {
      ...answer,
      groups: (answer.groups ?? []).map((group) => {
        const all = body.groups.find(({ groupId }) => groupId === group.groupId)?.topics === null
        return { ...group, topics: withoutOthers(access, group.topics ?? [], all) }
      }),
    }
  },
}

function withoutOthers(
  access: Access,
  topics: NonNullable<AnsweredGroup['topics']>,
  all: boolean,
): NonNullable<AnsweredGroup['topics']> {
  return topics.flatMap((topic) => {
    if (access.may('Describe', 'Topic', topic.name ?? '')) return [topic]
    if (all) return []
    const partitions = (topic.partitions ?? []).map(({ partitionIndex = 0 }) => ({
      partitionIndex,
      committedOffset: -1n,
      committedLeaderEpoch: -1,
      metadata: '',
      errorCode: code(REFUSED),
    }))
    return [{ ...topic, partitions }]
  })
}

/** All or nothing: what stands beside a topic that may not be written is not tried. */
const addPartitionsToTxn: Rule<'AddPartitionsToTxn'> = {
  whole: (access, { body, version }) => {
    if (version >= BATCHED_FROM) return judged(access, 'ClusterAction', 'Cluster', CLUSTER_NAME)
    return judged(access, 'Write', 'TransactionalId', body.v3AndBelowTransactionalId)
  },
  instead: (access, { body, version }) => {
    if (version >= BATCHED_FROM) return null
    const topics = body.v3AndBelowTopics
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

function deletion(access: Access, name: string): string | null {
  if (access.may('Delete', 'Cluster', CLUSTER_NAME)) return null
  return access.may('Describe', 'Topic', name) && access.may('Delete', 'Topic', name) ? null : REFUSED
}

export const TOPIC_RULES: Rules = {
  Metadata: metadata,
  OffsetFetch: offsetFetch,
  AddPartitionsToTxn: addPartitionsToTxn,
  Produce: {
    whole: transactional,
    parts: () => ({
      asked: 'topicData',
      answered: 'responses',
      judge: (access, topic, context) => {
        if (context.version < PRODUCE_IDS_FROM) return judged(access, 'Write', 'Topic', topic.name)
        const name = nameOf(context, { name: null, topicId: topic.topicId })
        // An id that nobody knows is nobody's secret.
        return name === '' ? null : judged(access, 'Write', 'Topic', name)
      },
    }),
  },
  DescribeTopicPartitions: {
    parts: ({ body }) =>
      body.topics.length === 0
        ? null
        : {
            asked: 'topics',
            answered: 'topics',
            judge: (access, { name }) => judged(access, 'Describe', 'Topic', name),
          },
    show: (access, answer) => ({
      ...answer,
      topics: (answer.topics ?? []).filter(
        ({ errorCode, name }) => errorCode !== 0 || access.may('Describe', 'Topic', name ?? ''),
      ),
    }),
  },
  FindCoordinator: {
    whole: (access, context) =>
      context.version < BATCHED_FROM ? judgedKey(access, context, context.body.key) : null,
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
      judge: (access, { name }) => (mayCreate(access, name) ? null : REFUSED),
    }),
  },
  DeleteTopics: {
    parts: ({ version }) =>
      version < IDS_FROM
        ? { asked: 'topicNames', answered: 'responses', judge: deletion }
        : {
            asked: 'topics',
            answered: 'responses',
            judge: (access, topic, context) => deletion(access, nameOf(context, topic)),
          },
  },
  ConsumerGroupHeartbeat: {
    whole: (access, { body }) => {
      const topics = body.subscribedTopicNames ?? []
      return (
        judged(access, 'Read', 'Group', body.groupId) ??
        (topics.every((name) => access.may('Describe', 'Topic', name)) ? null : REFUSED)
      )
    },
  },
}
