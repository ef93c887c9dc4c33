import { CLUSTER_NAME, type Operation } from '../../access/acl.ts'
import {
  type Access,
  type DenialError,
  judged,
  onCluster,
  onGroup,
  REFUSED,
  type Refusable,
  type Rules,
  transactional,
} from './rule.ts'

/** Entries that have the name of a resource. */
function named<Asked extends string, Answered extends string>(
  asked: Asked,
  answered: Answered,
  operation: Operation,
) {
  const judge = (access: Access, { name }: { readonly name: string }): DenialError =>
    judged(access, operation, 'Topic', name)
  return () => ({ asked, answered, judge })
}

/** Entries that are the name of a resource. */
function names<Asked extends string, Answered extends string>(
  asked: Asked,
  answered: Answered,
  { operation, type }: { readonly operation: Operation; readonly type: Refusable },
) {
  const judge = (access: Access, name: string): DenialError => judged(access, operation, type, name)
  return () => ({ asked, answered, judge })
}

const ofTransactionAndGroup = (
  access: Access,
  context: { readonly body: { readonly transactionalId: string; readonly groupId: string } },
): DenialError => transactional(access, context) ?? onGroup('Read')(access, context)

const TOPIC_RESOURCE = 2
const GROUP_RESOURCE = 32

function resources<Answered extends string>(answered: Answered, operation: Operation) {
  const judge = (
    access: Access,
    { resourceType, resourceName }: { readonly resourceType: number; readonly resourceName: string },
  ): DenialError => {
    if (resourceType === TOPIC_RESOURCE) return judged(access, operation, 'Topic', resourceName)
    if (resourceType === GROUP_RESOURCE) return judged(access, operation, 'Group', resourceName)
    return judged(access, operation, 'Cluster', CLUSTER_NAME)
  }
  return () => ({ asked: 'resources' as const, answered, judge })
}

export const SIMPLE_RULES: Rules = {
  ListOffsets: { parts: named('topics', 'topics', 'Describe') },
  OffsetCommit: { whole: onGroup('Read'), parts: named('topics', 'topics', 'Read') },
  JoinGroup: { whole: onGroup('Read') },
  SyncGroup: { whole: onGroup('Read') },
  Heartbeat: { whole: onGroup('Read') },
  LeaveGroup: { whole: onGroup('Read') },
  DescribeGroups: { parts: names('groups', 'groups', { operation: 'Describe', type: 'Group' }) },
  ConsumerGroupDescribe: { parts: names('groupIds', 'groups', { operation: 'Describe', type: 'Group' }) },
  ListGroups: {
    show: (access, answer) => {
      if (access.may('Describe', 'Cluster', CLUSTER_NAME)) return answer
      const { groups = [] } = answer
      return {
        ...answer,
        groups: groups.filter(({ groupId = '' }) => access.may('Describe', 'Group', groupId)),
      }
    },
  },
  DeleteGroups: { parts: names('groupsNames', 'results', { operation: 'Delete', type: 'Group' }) },
  CreatePartitions: { parts: named('topics', 'results', 'Alter') },
  DeleteRecords: { parts: named('topics', 'topics', 'Delete') },
  InitProducerId: {
    whole: (access, context) =>
      context.body.transactionalId !== null
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
    parts: names('transactionalIds', 'transactionStates', { operation: 'Describe', type: 'TransactionalId' }),
  },
  ListTransactions: {
    show: (access, answer) => ({
      ...answer,
      transactionStates: (answer.transactionStates ?? []).filter(({ transactionalId = '' }) =>
        access.may('Describe', 'TransactionalId', transactionalId),
      ),
    }),
  },
  DescribeConfigs: { parts: resources('results', 'DescribeConfigs') },
  AlterConfigs: { parts: resources('responses', 'AlterConfigs') },
  IncrementalAlterConfigs: { parts: resources('responses', 'AlterConfigs') },
  OffsetDelete: { whole: onGroup('Delete'), parts: named('topics', 'topics', 'Read') },
  OffsetForLeaderEpoch: {
    parts: () => ({
      asked: 'topics',
      answered: 'topics',
      judge: (access, { topic }) => judged(access, 'Describe', 'Topic', topic),
    }),
  },
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
