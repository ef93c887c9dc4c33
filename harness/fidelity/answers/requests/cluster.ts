import type { Body } from '../../../kafka/index.ts'
import { type AdminRequest, request, topic } from '../admin-request.ts'

const NO_ID = '0'.repeat(32)
const metadata = (names: readonly string[], more: Body = {}): Body => ({
  topics: names.map((name) => ({ topicId: NO_ID, name })),
  allowAutoTopicCreation: false,
  ...more,
})
const offsets = (timestamp: bigint, partitionIndex = 0, name = '$t'): Body => ({
  replicaId: -1,
  isolationLevel: 0,
  topics: [{ name, partitions: [{ partitionIndex, currentLeaderEpoch: -1, timestamp }] }],
})
const epochs = (leaderEpoch: number, partition = 0, name = '$t'): Body => ({
  replicaId: -1,
  topics: [{ topic: name, partitions: [{ partition, currentLeaderEpoch: -1, leaderEpoch }] }],
})
const pages = (names: readonly string[], limit = 2_000, cursor: Body | null = null): Body => ({
  topics: names.map((name) => ({ name })),
  responsePartitionLimit: limit,
  cursor,
})

export const CLUSTER: readonly AdminRequest[] = [
  request('what is served', 'ApiVersions', { clientSoftwareName: 'asker', clientSoftwareVersion: '1' }),
  request(
    'a name that is none',
    'ApiVersions',
    { clientSoftwareName: '%', clientSoftwareVersion: '1' },
    { from: 3 },
  ),
  request(
    'a version that is none',
    'ApiVersions',
    { clientSoftwareName: 'asker', clientSoftwareVersion: '' },
    { from: 3 },
  ),
  request('a topic', 'Metadata', metadata(['$t']), { before: [topic(2)] }),
  request('a topic that is not there', 'Metadata', metadata(['$t'])),
  request('a topic with a bad name', 'Metadata', metadata(['$ t'])),
  request('no topic', 'Metadata', metadata([]), { from: 1 }),
  request(
    'what may be done',
    'Metadata',
    metadata(['$t'], { includeClusterAuthorizedOperations: true, includeTopicAuthorizedOperations: true }),
    {
      before: [topic()],
      from: 8,
    },
  ),
  request(
    'an id that is not there',
    'Metadata',
    { topics: [{ topicId: 'ab'.repeat(16), name: null }], allowAutoTopicCreation: false },
    {
      from: 12,
    },
  ),
  request('the brokers', 'DescribeCluster', { includeClusterAuthorizedOperations: false }),
  request('what may be done', 'DescribeCluster', { includeClusterAuthorizedOperations: true }),
  request('the controllers', 'DescribeCluster', { endpointType: 2 }, { from: 1 }),
  request('an unknown endpoint', 'DescribeCluster', { endpointType: 7 }, { from: 1 }),
  request('fenced brokers, too', 'DescribeCluster', { includeFencedBrokers: true }, { from: 2 }),
  request('a topic', 'DescribeTopicPartitions', pages(['$t']), { before: [topic(2)] }),
  request('a topic that is not there', 'DescribeTopicPartitions', pages(['$t'])),
  request('a topic with a bad name', 'DescribeTopicPartitions', pages(['$ t'])),
  request('one partition at a time', 'DescribeTopicPartitions', pages(['$t'], 1), { before: [topic(2)] }),
  request(
    'from a cursor on',
    'DescribeTopicPartitions',
    pages(['$t'], 9, { topicName: '$t', partitionIndex: 1 }),
    {
      before: [topic(2)],
    },
  ),
  request(
    'a partition',
    'DescribeLogDirs',
    { topics: [{ topic: '$t', partitions: [0] }] },
    { before: [topic()] },
  ),
  request('a topic that is not there', 'DescribeLogDirs', { topics: [{ topic: '$u', partitions: [0] }] }),
  request('the start', 'ListOffsets', offsets(-2n), { before: [topic()] }),
  request('the end', 'ListOffsets', offsets(-1n), { before: [topic()] }),
  request('the greatest timestamp', 'ListOffsets', offsets(-3n), { before: [topic()], from: 1 }),
  request('the local start', 'ListOffsets', offsets(-4n), { before: [topic()], from: 1 }),
  request('the tiered end', 'ListOffsets', offsets(-5n), { before: [topic()], from: 1 }),
  request('an unknown place', 'ListOffsets', offsets(-9n), { before: [topic()], from: 1 }),
  request('of a partition that is not there', 'ListOffsets', offsets(-1n, 9), { before: [topic()] }),
  request('of a topic that is not there', 'ListOffsets', offsets(-1n, 0, '$u')),
  request('the first epoch', 'OffsetForLeaderEpoch', epochs(0), { before: [topic()] }),
  request('an epoch to come', 'OffsetForLeaderEpoch', epochs(9), { before: [topic()] }),
  request('of a partition that is not there', 'OffsetForLeaderEpoch', epochs(0, 9), { before: [topic()] }),
]
