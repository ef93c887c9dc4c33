import type { Body } from '../../../kafka/index.ts'
import { type AdminRequest, committed, type PriorRequest, request, topic } from '../admin-request.ts'

const THERE: readonly PriorRequest[] = [topic(2), committed]
const OPEN: readonly PriorRequest[] = [
  topic(),
  {
    api: 'InitProducerId',
    version: 1,
    body: { transactionalId: '$x', transactionTimeoutMs: 60_000 },
  },
]

const describeGroup = (
  title: string,
  groups: readonly string[],
  before: readonly PriorRequest[] = [],
  more: Body = {},
): AdminRequest =>
  request(title, 'DescribeGroups', { groups, includeAuthorizedOperations: false, ...more }, { before })
const listGroups = (title: string, more: Body = {}, from = 0): AdminRequest =>
  request(
    title,
    'ListGroups',
    { statesFilter: [], typesFilter: [], ...more },
    { before: THERE, from, unordered: ['groups'] },
  )
const offsetDelete = (title: string, partitionIndex: number, name = '$t', before = THERE): AdminRequest =>
  request(
    title,
    'OffsetDelete',
    { groupId: '$g', topics: [{ name, partitions: [{ partitionIndex }] }] },
    { before },
  )
const fetched = (topics: readonly Body[] | null): Body => ({
  groupId: '$g',
  topics: topics?.map(({ name, partitions }) => ({ name, partitionIndexes: partitions })) ?? null,
  groups: [
    {
      groupId: '$g',
      topics: topics?.map(({ name, partitions }) => ({ name, partitionIndexes: partitions })) ?? null,
    },
  ],
})
const commit = (name: string, partitionIndex: number, metadata: string | null): Body => ({
  groupId: '$g',
  generationIdOrMemberEpoch: -1,
  memberId: '',
  groupInstanceId: null,
  topics: [
    {
      name,
      partitions: [
        { partitionIndex, committedOffset: 3n, committedLeaderEpoch: -1, committedMetadata: metadata },
      ],
    },
  ],
})

export const GROUPS: readonly AdminRequest[] = [
  describeGroup('one without members', ['$g'], THERE),
  describeGroup('one that is not there', ['$g']),
  describeGroup('one twice', ['$g', '$g'], THERE),
  describeGroup('no name', ['']),
  describeGroup('none', []),
  request(
    'what may be done with it',
    'DescribeGroups',
    { groups: ['$g'], includeAuthorizedOperations: true },
    { before: THERE, from: 3 },
  ),
  listGroups('all'),
  listGroups('that are empty', { statesFilter: ['Empty'] }, 4),
  listGroups('that are stable', { statesFilter: ['Stable'] }, 4),
  listGroups('in no state that there is', { statesFilter: ['Asleep'] }, 4),
  listGroups('that are classic', { typesFilter: ['classic'] }, 5),
  listGroups('of the consumer protocol', { typesFilter: ['consumer'] }, 5),
  request('one', 'DeleteGroups', { groupsNames: ['$g'] }, { before: THERE }),
  request('one that is not there', 'DeleteGroups', { groupsNames: ['$g'] }),
  request('no name', 'DeleteGroups', { groupsNames: [''] }),
  request('one twice', 'DeleteGroups', { groupsNames: ['$g', '$g'] }, { before: THERE }),
  request('none', 'DeleteGroups', { groupsNames: [] }),
  offsetDelete('one', 0),
  offsetDelete('one that is not there', 1),
  offsetDelete('of a partition that is not there', 9),
  offsetDelete('of a topic that is not there', 0, '$u'),
  offsetDelete('of a group that is not there', 0, '$t', [topic()]),
  request('one', 'ConsumerGroupDescribe', { groupIds: ['$g'], includeAuthorizedOperations: false }),
  request(
    'a classic one',
    'ConsumerGroupDescribe',
    { groupIds: ['$g'], includeAuthorizedOperations: false },
    { before: THERE },
  ),
  request('no name', 'ConsumerGroupDescribe', { groupIds: [''], includeAuthorizedOperations: false }),
  request('one', 'OffsetFetch', fetched([{ name: '$t', partitions: [0] }]), { before: THERE }),
  request('one that is not there', 'OffsetFetch', fetched([{ name: '$t', partitions: [1] }]), {
    before: THERE,
  }),
  request('of a topic that is not there', 'OffsetFetch', fetched([{ name: '$u', partitions: [0] }]), {
    before: THERE,
  }),
  request('of a group that is not there', 'OffsetFetch', fetched([{ name: '$t', partitions: [0] }])),
  request('all', 'OffsetFetch', fetched(null), { before: THERE, from: 2 }),
  request('no metadata', 'OffsetCommit', commit('$t', 0, null), { before: [topic()] }),
  request('of a topic that is not there', 'OffsetCommit', commit('$u', 0, '')),
  request('of a partition that is not there', 'OffsetCommit', commit('$t', 9, ''), { before: [topic()] }),
  request('metadata that is too long', 'OffsetCommit', commit('$t', 0, 'x'.repeat(5_000)), {
    before: [topic()],
  }),
  request('of a group', 'FindCoordinator', { key: '$g', keyType: 0, coordinatorKeys: ['$g'] }),
  request(
    'of a transaction',
    'FindCoordinator',
    { key: '$x', keyType: 1, coordinatorKeys: ['$x'] },
    { from: 1 },
  ),
  request(
    'of something else',
    'FindCoordinator',
    { key: '$x', keyType: 9, coordinatorKeys: ['$x'] },
    { from: 1 },
  ),
  request('of no name', 'FindCoordinator', { key: '', keyType: 0, coordinatorKeys: [''] }),
  request('one that has not begun', 'DescribeTransactions', { transactionalIds: ['$x'] }, { before: OPEN }),
  request('one that is not there', 'DescribeTransactions', { transactionalIds: ['$x'] }),
  request('no name', 'DescribeTransactions', { transactionalIds: [''] }),
  request(
    'all',
    'ListTransactions',
    { stateFilters: [], producerIdFilters: [] },
    { before: OPEN, unordered: ['transactionStates'] },
  ),
  request(
    'in an unknown state',
    'ListTransactions',
    { stateFilters: ['Asleep', 'Empty'], producerIdFilters: [] },
    { before: OPEN },
  ),
  request(
    'by a pattern',
    'ListTransactions',
    { stateFilters: [], producerIdFilters: [], transactionalIdPattern: '.*-x' },
    { before: OPEN, from: 2, unordered: ['transactionStates'] },
  ),
  request(
    'by a pattern that is none',
    'ListTransactions',
    { stateFilters: [], producerIdFilters: [], transactionalIdPattern: '(' },
    { before: OPEN, from: 2 },
  ),
  request(
    'of a partition',
    'DescribeProducers',
    { topics: [{ name: '$t', partitionIndexes: [0] }] },
    { before: [topic()] },
  ),
  request(
    'of a partition that is not there',
    'DescribeProducers',
    { topics: [{ name: '$t', partitionIndexes: [9] }] },
    { before: [topic()] },
  ),
  request('of a topic that is not there', 'DescribeProducers', {
    topics: [{ name: '$u', partitionIndexes: [0] }],
  }),
]
