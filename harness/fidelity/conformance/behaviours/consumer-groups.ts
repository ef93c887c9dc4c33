import type { Step } from '../../differential/script.ts'
import { alone, ask, type Behaviour, commit, group, on, sleep } from '../steps.ts'

export const heartbeat = (overrides: object, show: readonly string[] = ['memberEpoch', 'partitions']): Step =>
  ask(
    'ConsumerGroupHeartbeat',
    0,
    {
      groupId: '$group',
      memberId: 'member-a',
      memberEpoch: 0,
      instanceId: null,
      rackId: null,
      rebalanceTimeoutMs: 5_000,
      subscribedTopicNames: ['$topic'],
      serverAssignor: null,
      topicPartitions: [],
      ...overrides,
    },
    { show },
  )
export const next = (epoch: number, overrides: object = {}): Step =>
  heartbeat({
    memberEpoch: epoch,
    rebalanceTimeoutMs: -1,
    subscribedTopicNames: null,
    topicPartitions: null,
    ...overrides,
  })
const commitAt = (epoch: number, member = 'member-a'): Step =>
  ask('OffsetCommit', 9, {
    groupId: '$group',
    generationIdOrMemberEpoch: epoch,
    memberId: member,
    topics: [
      { name: '$topic', partitions: [{ partitionIndex: 0, committedOffset: 4n, committedMetadata: null }] },
    ],
  })

export const CONSUMER_GROUPS: readonly Behaviour[] = [
  on('M1', 'the first heartbeat joins and is assigned everything', heartbeat({})),
  on(
    'M1',
    'with partitions already',
    heartbeat({ topicPartitions: [{ topicId: '0'.repeat(31).concat('1'), partitions: [0] }] }),
  ),
  on('M1', 'without a subscription', heartbeat({ subscribedTopicNames: null })),
  on('M1', 'without a rebalance timeout', heartbeat({ rebalanceTimeoutMs: -1 })),
  on('M1', 'without a group', heartbeat({ groupId: '' })),
  on('M1', 'a topic that is not there', heartbeat({ subscribedTopicNames: ['$other'] })),
  on('M2', 'the next heartbeat', heartbeat({}), next(1)),
  on('M2', 'with a newer epoch', heartbeat({}), next(9)),
  on('M2', 'with an older epoch', heartbeat({}), next(0)),
  on('M2', 'joining again, with nothing', heartbeat({}), heartbeat({})),
  on(
    'M2',
    'joining again after a rebalance',
    heartbeat({}),
    heartbeat({ memberId: 'member-b' }),
    next(1),
    heartbeat({}),
  ),
  on(
    'M2',
    'joining again after two rebalances',
    heartbeat({}),
    heartbeat({ subscribedTopicNames: ['$topic', '$other'], memberEpoch: 1, topicPartitions: null }),
    heartbeat({ subscribedTopicNames: ['$topic'], memberEpoch: 2, topicPartitions: null }),
    heartbeat({}),
  ),
  on(
    'M4',
    'a second member waits for what the first gives up',
    heartbeat({}),
    heartbeat({ memberId: 'member-b' }),
  ),
  on('M4', 'the first is asked to give up', heartbeat({}), heartbeat({ memberId: 'member-b' }), next(1)),
  on('M', 'it leaves', heartbeat({}), next(-1)),
  on('M', 'it leaves twice', heartbeat({}), next(-1), next(-1)),
  on('M', 'somebody unknown leaves', heartbeat({}), next(-1, { memberId: 'nobody' })),
  on(
    'M3',
    'a static member leaves for a while',
    heartbeat({ instanceId: 'a' }),
    next(-2, { instanceId: 'a' }),
  ),
  on(
    'M3',
    'and comes back with what it had',
    heartbeat({ instanceId: 'a' }),
    next(-2, { instanceId: 'a' }),
    heartbeat({ instanceId: 'a', memberId: 'member-b' }),
  ),
  on(
    'M3',
    'its instance id is taken',
    heartbeat({ instanceId: 'a' }),
    heartbeat({ instanceId: 'a', memberId: 'member-b' }),
  ),
  on(
    'M3',
    'a member with another one’s instance id',
    heartbeat({ instanceId: 'a' }),
    next(1, { memberId: 'member-b', instanceId: 'a' }),
  ),
  on('M5', 'the broker says how often', heartbeat({}, ['heartbeatIntervalMs'])),
  on('M6', 'an assignment is not told twice', heartbeat({}), next(1), next(1)),
  on(
    'M6',
    'unless the member names everything again',
    heartbeat({}),
    heartbeat({ memberEpoch: 1, topicPartitions: [{ topicId: '$uuid', partitions: [0, 1] }] }),
  ),
  on('M7', 'somebody unknown', heartbeat({}), next(1, { memberId: 'nobody' })),
  on('M7', 'somebody unknown in no group', next(1)),
  on('M8', 'an assignor that there is not', heartbeat({ serverAssignor: 'no-such' })),
  on('M8', 'the range assignor', heartbeat({ serverAssignor: 'range' })),
  on('M9', 'a classic group with members', alone, heartbeat({}, [])),
  on('O12', 'OffsetCommit with its epoch', heartbeat({}), commitAt(1)),
  on(
    'O12',
    'OffsetCommit with an older epoch',
    heartbeat({}),
    heartbeat({ memberId: 'member-b' }),
    next(1),
    next(2),
    commitAt(0),
  ),
  on('O12', 'OffsetCommit with a newer epoch', heartbeat({}), commitAt(9)),
  on('O12', 'OffsetCommit of nobody', heartbeat({}), commitAt(1, 'nobody')),
  on('O12', 'OffsetCommit without a member', heartbeat({}), commit(null)),
  on('M', 'DescribeGroups of it', heartbeat({}), group(5)),
  on(
    'M',
    'ConsumerGroupDescribe',
    heartbeat({}),
    ask(
      'ConsumerGroupDescribe',
      0,
      { groupIds: ['$group'], includeAuthorizedOperations: false },
      { show: ['groupState', 'groupEpoch', 'assignmentEpoch', 'assignorName'] },
    ),
  ),
  on(
    'M',
    'ConsumerGroupDescribe of no group',
    ask('ConsumerGroupDescribe', 0, { groupIds: ['$group'], includeAuthorizedOperations: false }),
  ),
  // The coordinator hears of a new topic a moment after its leaders.
].map((each) => ({ ...each, steps: [sleep(500), ...each.steps], since: '4.1' as const }))
