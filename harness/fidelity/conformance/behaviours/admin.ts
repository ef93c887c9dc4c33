import type { Step } from '../../differential/script.ts'
import { ask, type Behaviour, fetch, on, produce } from '../steps.ts'

const coordinators = (version: number, keyType: number, ...coordinatorKeys: readonly string[]): Step =>
  ask('FindCoordinator', version, { keyType, coordinatorKeys }, { show: ['nodeId', 'errorCode'] })
const cluster = (version: number, overrides: object = {}): Step =>
  ask(
    'DescribeCluster',
    version,
    { includeClusterAuthorizedOperations: false, ...overrides },
    { show: ['controllerId', 'brokerId', 'clusterAuthorizedOperations'] },
  )
const partitions = (topics: readonly string[], limit = 2_000, cursor: object | null = null): Step =>
  ask(
    'DescribeTopicPartitions',
    0,
    { topics: topics.map((name) => ({ name })), responsePartitionLimit: limit, cursor },
    { show: ['errorCode', 'partitionIndex', 'topicAuthorizedOperations', 'nextCursor'] },
  )
const elect = (electionType: number, topic = '$topic', partition = 0): Step =>
  ask('ElectLeaders', 2, {
    electionType,
    topicPartitions: [{ topic, partitions: [partition] }],
    timeoutMs: 5_000,
  })
const byId = (topicId: string): Step =>
  ask(
    'Produce',
    13,
    {
      transactionalId: null,
      acks: -1,
      timeoutMs: 1_000,
      topicData: [{ topicId, partitionData: [{ index: 0, records: '$batch' }] }],
    },
    { show: ['baseOffset'] },
  )
const move = (
  replicas: readonly number[] | null,
  {
    topic = '$topic',
    partitionIndex = 0,
    version = 0,
    ...more
  }: Record<string, unknown> & {
    topic?: string
    partitionIndex?: number
    version?: number
  } = {},
): Step =>
  ask(
    'AlterPartitionReassignments',
    version,
    { timeoutMs: 5_000, topics: [{ name: topic, partitions: [{ partitionIndex, replicas }] }], ...more },
    { show: ['partitionIndex'] },
  )
const moves = ask('ListPartitionReassignments', 0, { timeoutMs: 5_000, topics: null }, { show: ['name'] })
const metadata = ask('Metadata', 10, { topics: [{ name: '$topic' }], allowAutoTopicCreation: false })
const since41 = (behaviour: Behaviour): Behaviour => ({ ...behaviour, since: '4.1' })

export const ADMIN: readonly Behaviour[] = [
  on('C', 'FindCoordinator 4 of several', coordinators(4, 0, '$group', '$other')),
  on('C', 'FindCoordinator 5 of a transaction', coordinators(5, 1, '$id0')),
  on('C', 'FindCoordinator 6 of nothing', coordinators(6, 0)),
  on('C', 'FindCoordinator 4 of something else', coordinators(4, 7, '$group')),
  on('A', 'DescribeCluster', cluster(0), cluster(1)),
  on('A', 'DescribeCluster, and what may be done', cluster(0, { includeClusterAuthorizedOperations: true })),
  on('A', 'DescribeCluster of its controllers', cluster(1, { endpointType: 2 })),
  on('A', 'DescribeCluster of something else', cluster(1, { endpointType: 7 })),
  since41(on('A', 'DescribeCluster 2', cluster(2, { includeFencedBrokers: true }))),
  on('A', 'DescribeTopicPartitions', partitions(['$topic'])),
  on('A', 'DescribeTopicPartitions of a topic that is not there', partitions(['$other'])),
  on('A', 'DescribeTopicPartitions, one at a time', partitions(['$topic'], 1)),
  on(
    'A',
    'DescribeTopicPartitions from a cursor on',
    partitions(['$topic'], 1, { topicName: '$topic', partitionIndex: 1 }),
  ),
  on(
    'A',
    'DescribeTopicPartitions from a cursor that is not there',
    partitions(['$topic'], 1, { topicName: '$other', partitionIndex: 0 }),
  ),
  on(
    'A',
    'DescribeTopicPartitions from before the first partition',
    partitions(['$topic'], 1, { topicName: '$topic', partitionIndex: -1 }),
  ),
  on('A', 'ElectLeaders: the preferred one leads', elect(0)),
  on('A', 'ElectLeaders: nobody has to be elected uncleanly', elect(1)),
  on('A', 'ElectLeaders of a topic that is not there', elect(0, '$other')),
  on('A', 'ElectLeaders of a partition that is not there', elect(0, '$topic', 9)),
  on('A', 'ListPartitionReassignments', moves),
  on('A', 'AlterPartitionReassignments to where they are', move([0]), moves),
  on('A', 'AlterPartitionReassignments to a broker that is not there', move([0, 7])),
  on('A', 'AlterPartitionReassignments to a broker twice', move([0, 0])),
  on('A', 'AlterPartitionReassignments to nowhere', move([])),
  on('A', 'AlterPartitionReassignments given up before it began', move(null)),
  on('A', 'AlterPartitionReassignments of a topic that is not there', move([0], { topic: '$other' })),
  on('A', 'AlterPartitionReassignments of a partition that is not there', move([0], { partitionIndex: 9 })),
  since41(
    on(
      'A',
      'AlterPartitionReassignments 1 holds the replication factor',
      move([0], { version: 1, allowReplicationFactorChange: false }),
      move([0, 0], { version: 1, allowReplicationFactorChange: false }),
    ),
  ),
  on(
    'A',
    'DescribeLogDirs',
    produce(3),
    ask(
      'DescribeLogDirs',
      3,
      { topics: [{ topic: '$topic', partitions: [0] }] },
      { show: ['partitionSize', 'offsetLag', 'isFutureKey'] },
    ),
  ),
  on(
    'A',
    'DescribeLogDirs of a topic that is not there',
    ask(
      'DescribeLogDirs',
      3,
      { topics: [{ topic: '$other', partitions: [0] }] },
      { show: ['partitionSize'] },
    ),
  ),
  since41(
    on(
      'A',
      'ListConfigResources of brokers',
      ask('ListConfigResources', 1, { resourceTypes: [4] }, { show: ['resourceName', 'resourceType'] }),
    ),
  ),
  since41(
    on('A', 'ListConfigResources of something else', ask('ListConfigResources', 1, { resourceTypes: [99] })),
  ),
  since41(on('L11', 'Produce by topic id', metadata, byId('$uuid'), fetch())),
  since41(on('L11', 'Produce by the id of no topic', byId('0123456789abcdef0123456789abcdef'))),
]
