import type { Body } from '../../../kafka/index.ts'
import { type AdminRequest, type PriorRequest, request, topic } from '../admin-request.ts'

interface AskedTopic {
  readonly name?: string
  readonly partitions?: number
  readonly replication?: number
  readonly assignments?: readonly (readonly [number, readonly number[]])[]
  readonly configs?: Readonly<Record<string, string | null>>
}

const asked = ({
  name = '$t',
  partitions = 1,
  replication = 1,
  assignments = [],
  configs = {},
}: AskedTopic): Body => ({
  name,
  numPartitions: partitions,
  replicationFactor: replication,
  assignments: assignments.map(([partitionIndex, brokerIds]) => ({ partitionIndex, brokerIds })),
  configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
})
const create = (
  name: string,
  topics: readonly AskedTopic[],
  more: Partial<AdminRequest> & { only?: true } = {},
): AdminRequest => {
  const { only, ...rest } = more
  return request(
    name,
    'CreateTopics',
    { topics: topics.map(asked), timeoutMs: 30_000, validateOnly: only === true },
    rest,
  )
}
const byHand = (...assignments: readonly (readonly [number, readonly number[]])[]): AskedTopic => ({
  partitions: -1,
  replication: -1,
  assignments,
})

const CREATIONS: readonly AdminRequest[] = [
  create('one topic', [{}]),
  create('with its configurations', [{ configs: { 'cleanup.policy': 'compact', 'retention.ms': '1000' } }]),
  create('with the defaults of the broker', [{ partitions: -1, replication: -1 }]),
  create('validated only', [{}], { only: true, from: 1 }),
  create('by hand', [byHand([0, [0]], [1, [0]])]),
  create('that is there', [{}], { before: [topic()] }),
  create('that is there, validated only', [{}], { before: [topic()], only: true, from: 1 }),
  create('twice in one request', [{}, {}]),
  create('no partitions', [{ partitions: 0 }]),
  create('fewer partitions than none', [{ partitions: -2 }]),
  create('no replicas', [{ replication: 0 }]),
  create('more replicas than brokers', [{ replication: 3 }]),
  create('more replicas than brokers, validated only', [{ replication: 3 }], { only: true, from: 1 }),
  create('by hand and by number', [{ assignments: [[0, [0]]] }]),
  create('by hand with a gap', [byHand([0, [0]], [2, [0]])]),
  create('by hand, not from 0 on', [byHand([1, [0]])]),
  create('by hand to a broker twice', [byHand([0, [0, 0]])]),
  create('by hand to nobody', [byHand([0, []])]),
  create('by hand to a broker that is not there', [byHand([0, [7]])]),
  create('by hand, one partition twice', [byHand([0, [0]], [0, [0]])]),
  create('by hand with different numbers of replicas', [byHand([0, [0]], [1, [0, 7]])]),
  create('an empty name', [{ name: '' }]),
  create('a dot as its name', [{ name: '.' }]),
  create('two dots as its name', [{ name: '..' }]),
  create('a name with a space', [{ name: '$ t' }]),
  create('a name with a slash', [{ name: '$/t' }]),
  create('a name that is too long', [{ name: `$${'x'.repeat(250)}` }]),
  create('a name that collides with another', [{ name: '$a_b' }], { before: [topic(1, {}, '$a.b')] }),
  create('a configuration that is unknown', [{ configs: { 'no.such.config': '1' } }]),
  create('a configuration without a value', [{ configs: { 'retention.ms': null } }]),
  create('a number that is none', [{ configs: { 'retention.ms': 'soon' } }]),
  create('a number that is too small', [{ configs: { 'segment.bytes': '1' } }]),
  create('a number that is too large', [{ configs: { 'min.insync.replicas': '99999999999' } }]),
  create('none of a choice', [{ configs: { 'cleanup.policy': 'shred' } }]),
  create('a list with an empty item', [{ configs: { 'cleanup.policy': 'compact,,delete' } }]),
  create('a ratio that is above one', [{ configs: { 'min.cleanable.dirty.ratio': '1.5' } }]),
  create('a truth that is none', [{ configs: { preallocate: 'maybe' } }]),
  create('no compression that there is', [{ configs: { 'compression.type': 'rar' } }]),
  create('a compaction lag that is above its limit', [
    { configs: { 'min.compaction.lag.ms': '20', 'max.compaction.lag.ms': '10' } },
  ]),
  create(
    'two wrong and one right',
    [{ name: '$a', partitions: 0 }, { name: '$b', replication: 0 }, { name: '$c' }],
    {
      unordered: ['topics'],
    },
  ),
]

const names = (...wanted: readonly string[]): Body => ({
  topicNames: wanted,
  topics: wanted.map((name) => ({ name, topicId: '0'.repeat(32) })),
  timeoutMs: 30_000,
})
const DELETIONS: readonly AdminRequest[] = [
  request('a topic', 'DeleteTopics', names('$t'), { before: [topic()] }),
  request('one that is not there', 'DeleteTopics', names('$t')),
  request('one that is there and one that is not', 'DeleteTopics', names('$t', '$u'), {
    before: [topic()],
    unordered: ['responses'],
  }),
  request('twice in one request', 'DeleteTopics', names('$t', '$t'), { before: [topic()] }),
  request('none', 'DeleteTopics', names()),
  request(
    'by an id that is not there',
    'DeleteTopics',
    { topics: [{ name: null, topicId: 'ab'.repeat(16) }], timeoutMs: 30_000 },
    { from: 6 },
  ),
  request(
    'by name and id at once',
    'DeleteTopics',
    { topics: [{ name: '$t', topicId: 'ab'.repeat(16) }], timeoutMs: 30_000 },
    { from: 6, before: [topic()] },
  ),
  request(
    'by neither',
    'DeleteTopics',
    { topics: [{ name: null, topicId: '0'.repeat(32) }], timeoutMs: 30_000 },
    { from: 6 },
  ),
]

const grow = (
  name: string,
  count: number,
  more: {
    assignments?: readonly (readonly number[])[]
    only?: true
    topic?: string
    before?: readonly PriorRequest[]
  } = {},
): AdminRequest =>
  request(
    name,
    'CreatePartitions',
    {
      topics: [
        {
          name: more.topic ?? '$t',
          count,
          assignments: more.assignments?.map((brokerIds) => ({ brokerIds })) ?? null,
        },
      ],
      timeoutMs: 30_000,
      validateOnly: more.only === true,
    },
    { before: more.before ?? [topic(2)] },
  )
const PARTITIONS: readonly AdminRequest[] = [
  grow('one more', 3),
  grow('one more, validated only', 3, { only: true }),
  grow('as many as there are', 2),
  grow('fewer than there are', 1),
  grow('none', 0),
  grow('fewer than none', -1),
  grow('of a topic that is not there', 3, { topic: '$u', before: [] }),
  grow('by hand', 3, { assignments: [[0]] }),
  grow('by hand for too few', 4, { assignments: [[0]] }),
  grow('by hand for too many', 3, { assignments: [[0], [0]] }),
  grow('by hand to a broker twice', 3, { assignments: [[0, 0]] }),
  grow('by hand to a broker that is not there', 3, { assignments: [[7]] }),
  grow('by hand to nobody', 3, { assignments: [[]] }),
  request(
    'twice in one request',
    'CreatePartitions',
    {
      topics: [3, 4].map((count) => ({ name: '$t', count, assignments: null })),
      timeoutMs: 30_000,
      validateOnly: false,
    },
    { before: [topic(2)] },
  ),
]

const deleteTo = (offset: bigint, partitionIndex = 0, name = '$t'): Body => ({
  topics: [{ name, partitions: [{ partitionIndex, offset }] }],
  timeoutMs: 30_000,
})
const RECORDS: readonly AdminRequest[] = [
  request('of an empty partition', 'DeleteRecords', deleteTo(-1n), { before: [topic()] }),
  request('beyond the end', 'DeleteRecords', deleteTo(9n), { before: [topic()] }),
  request('below nothing', 'DeleteRecords', deleteTo(-5n), { before: [topic()] }),
  request('of a partition that is not there', 'DeleteRecords', deleteTo(0n, 9), { before: [topic()] }),
  request('of a topic that is not there', 'DeleteRecords', deleteTo(0n, 0, '$u')),
  request('of a topic that is compacted', 'DeleteRecords', deleteTo(-1n), {
    before: [topic(1, { 'cleanup.policy': 'compact' })],
  }),
]

const elect = (electionType: number, partition = 0, name = '$t'): Body => ({
  electionType,
  topicPartitions: [{ topic: name, partitions: [partition] }],
  timeoutMs: 30_000,
})
const move = (replicas: readonly number[] | null, partitionIndex = 0, name = '$t'): Body => ({
  timeoutMs: 30_000,
  topics: [{ name, partitions: [{ partitionIndex, replicas }] }],
})
const REPLICAS: readonly AdminRequest[] = [
  request('the preferred one leads', 'ElectLeaders', elect(0), { before: [topic()] }),
  request('uncleanly, where somebody leads', 'ElectLeaders', elect(1), { before: [topic()], from: 1 }),
  request('of a partition that is not there', 'ElectLeaders', elect(0, 9), { before: [topic()] }),
  request('of a topic that is not there', 'ElectLeaders', elect(0, 0, '$u')),
  request('of an unknown kind', 'ElectLeaders', elect(9), { before: [topic()], from: 1 }),
  request('of none', 'ElectLeaders', { electionType: 0, topicPartitions: [], timeoutMs: 30_000 }),
  request('to where they are', 'AlterPartitionReassignments', move([0]), { before: [topic()] }),
  request('to nobody', 'AlterPartitionReassignments', move([]), { before: [topic()] }),
  request('to a broker twice', 'AlterPartitionReassignments', move([0, 0]), { before: [topic()] }),
  request('to a broker that is not there', 'AlterPartitionReassignments', move([0, 7]), {
    before: [topic()],
  }),
  request('to a broker below none', 'AlterPartitionReassignments', move([-1]), { before: [topic()] }),
  request('given up, where none goes on', 'AlterPartitionReassignments', move(null), { before: [topic()] }),
  request('of a partition that is not there', 'AlterPartitionReassignments', move([0], 9), {
    before: [topic()],
  }),
  request('of a topic that is not there', 'AlterPartitionReassignments', move([0], 0, '$u')),
  request('where none goes on', 'ListPartitionReassignments', {
    timeoutMs: 30_000,
    topics: [{ name: '$t', partitionIndexes: [0] }],
  }),
  request('of all', 'ListPartitionReassignments', { timeoutMs: 30_000, topics: null }),
]

export const TOPICS: readonly AdminRequest[] = [
  ...CREATIONS,
  ...DELETIONS,
  ...PARTITIONS,
  ...RECORDS,
  ...REPLICAS,
]
