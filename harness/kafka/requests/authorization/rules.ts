import { CLUSTER_NAME, type Operation, type ResourceType } from '../../access/acl.ts'
import type { ApiName, Body } from '../../wire/index.ts'
import type { RequestContext } from '../handler.ts'

/** What one client may do. */
export interface Access {
  may(operation: Operation, type: ResourceType, name: string): boolean
  maySome(operation: Operation, type: ResourceType): boolean
}

/** The error of what may not be done, or null. */
type Verdict = string | null

/** The lists of a request that are judged entry by entry, and where the answer has them. */
export interface Parts {
  readonly asked: string
  readonly answered: string
  judge(access: Access, entry: unknown, context: RequestContext): Verdict
  /** What is left is asked for even where that is nothing: the answer says more than its entries. */
  readonly evenNothing?: boolean
}

/** How Kafka (KafkaApis, ControllerApis) judges one request; what has no rule is for everybody. */
export interface Rule {
  whole?(access: Access, context: RequestContext): Verdict
  /** An answer in place of all that the handler would do, or null. */
  instead?(access: Access, context: RequestContext): Body | null
  readonly parts?: (context: RequestContext) => Parts | null
  /** What the answer shows of others is taken out, or marked. */
  show?(access: Access, answer: Body, context: RequestContext): Body
}

const REFUSED = {
  Topic: 'TOPIC_AUTHORIZATION_FAILED',
  Group: 'GROUP_AUTHORIZATION_FAILED',
  Cluster: 'CLUSTER_AUTHORIZATION_FAILED',
  TransactionalId: 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED',
} as const
type Refusable = keyof typeof REFUSED

export function judged(access: Access, operation: Operation, type: Refusable, name: string): Verdict {
  return access.may(operation, type, name) ? null : REFUSED[type]
}

const onCluster =
  (operation: Operation) =>
  (access: Access): Verdict =>
    judged(access, operation, 'Cluster', CLUSTER_NAME)

const onGroup =
  (operation: Operation) =>
  (access: Access, { body }: RequestContext): Verdict =>
    judged(access, operation, 'Group', text(body['groupId']))

/** Entries that name a resource in this field, or are its name. */
function named(
  asked: string,
  answered: string,
  operation: Operation,
  { type = 'Topic', field = 'name' }: { type?: Refusable; field?: string } = {},
): NonNullable<Rule['parts']> {
  return () => ({
    asked,
    answered,
    judge: (access, entry) =>
      judged(access, operation, type, text(typeof entry === 'string' ? entry : (entry as Body)[field])),
  })
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** Transactional requests need their id. */
export function transactional(access: Access, { body }: RequestContext): Verdict {
  const id = body['transactionalId']
  return id === null || id === undefined ? null : judged(access, 'Write', 'TransactionalId', text(id))
}

const ofTransactionAndGroup = (access: Access, context: RequestContext): Verdict =>
  transactional(access, context) ?? onGroup('Read')(access, context)

const TOPIC_RESOURCE = 2
const GROUP_RESOURCE = 32
const onResource =
  (operation: Operation): NonNullable<Rule['parts']> =>
  () => ({
    asked: 'resources',
    answered: operation === 'DescribeConfigs' ? 'results' : 'responses',
    judge: (access, entry) => {
      const { resourceType, resourceName } = entry as Body
      if (resourceType === TOPIC_RESOURCE) return judged(access, operation, 'Topic', text(resourceName))
      if (resourceType === GROUP_RESOURCE) return judged(access, operation, 'Group', text(resourceName))
      return judged(access, operation, 'Cluster', CLUSTER_NAME)
    },
  })

const onlyShown =
  (list: string, type: ResourceType, field: string): NonNullable<Rule['show']> =>
  (access, answer) => ({
    ...answer,
    [list]: (answer[list] as Body[]).filter((each) => access.may('Describe', type, text(each[field]))),
  })

export const SIMPLE_RULES: Readonly<Partial<Record<ApiName, Rule>>> = {
  ListOffsets: { parts: named('topics', 'topics', 'Describe') },
  OffsetCommit: { whole: onGroup('Read'), parts: named('topics', 'topics', 'Read') },
  JoinGroup: { whole: onGroup('Read') },
  SyncGroup: { whole: onGroup('Read') },
  Heartbeat: { whole: onGroup('Read') },
  LeaveGroup: { whole: onGroup('Read') },
  DescribeGroups: {
    parts: named('groups', 'groups', 'Describe', { type: 'Group' }),
  },
  ConsumerGroupDescribe: { parts: named('groupIds', 'groups', 'Describe', { type: 'Group' }) },
  ListGroups: {
    show: (access, answer, context) =>
      access.may('Describe', 'Cluster', CLUSTER_NAME)
        ? answer
        : onlyShown('groups', 'Group', 'groupId')(access, answer, context),
  },
  DeleteGroups: { parts: named('groupsNames', 'results', 'Delete', { type: 'Group' }) },
  CreatePartitions: { parts: named('topics', 'results', 'Alter') },
  DeleteRecords: { parts: named('topics', 'topics', 'Delete') },
  InitProducerId: {
    whole: (access, context) =>
      context.body['transactionalId'] !== null
        ? transactional(access, context)
        : access.may('IdempotentWrite', 'Cluster', CLUSTER_NAME) || access.maySome('Write', 'Topic')
          ? null
          : REFUSED.Cluster,
  },
  AddOffsetsToTxn: { whole: ofTransactionAndGroup },
  EndTxn: { whole: transactional },
  TxnOffsetCommit: { whole: ofTransactionAndGroup, parts: named('topics', 'topics', 'Read') },
  DescribeProducers: { parts: named('topics', 'topics', 'Read') },
  DescribeTransactions: {
    parts: named('transactionalIds', 'transactionStates', 'Describe', { type: 'TransactionalId' }),
  },
  ListTransactions: { show: onlyShown('transactionStates', 'TransactionalId', 'transactionalId') },
  DescribeConfigs: { parts: onResource('DescribeConfigs') },
  AlterConfigs: { parts: onResource('AlterConfigs') },
  IncrementalAlterConfigs: { parts: onResource('AlterConfigs') },
  OffsetDelete: { whole: onGroup('Delete'), parts: named('topics', 'topics', 'Read') },
  OffsetForLeaderEpoch: { parts: named('topics', 'topics', 'Describe', { field: 'topic' }) },
  DescribeClientQuotas: { whole: onCluster('DescribeConfigs') },
  AlterClientQuotas: { whole: onCluster('AlterConfigs') },
  DescribeUserScramCredentials: { whole: onCluster('Describe') },
  AlterUserScramCredentials: { whole: onCluster('Alter') },
  DescribeLogDirs: { whole: onCluster('Describe') },
  ElectLeaders: { whole: onCluster('Alter') },
  AlterPartitionReassignments: { whole: onCluster('Alter') },
  ListPartitionReassignments: { whole: onCluster('Describe') },
  ListConfigResources: { whole: onCluster('DescribeConfigs') },
  DescribeAcls: { whole: onCluster('Describe') },
  CreateAcls: { whole: onCluster('Alter') },
  DeleteAcls: { whole: onCluster('Alter') },
}
