import type { Step } from '../../differential/script.ts'
import {
  addOffsets,
  alone,
  ask,
  type Behaviour,
  beat,
  begin,
  commit,
  end,
  group,
  join,
  leave,
  offsets,
  on,
  restart,
  sendOffsets,
  sleep,
  sync,
  two,
} from '../steps.ts'

const commitWith = (overrides: object, partition: object = {}, version = 7): Step =>
  ask('OffsetCommit', version, {
    groupId: '$group',
    generationIdOrMemberEpoch: -1,
    memberId: '',
    topics: [
      {
        name: '$topic',
        partitions: [{ partitionIndex: 0, committedOffset: 3n, committedMetadata: null, ...partition }],
      },
    ],
    ...overrides,
  })
/** Both partitions, each with its own error. */
const stable = ask(
  'OffsetFetch',
  7,
  { groupId: '$group', topics: [{ name: '$topic', partitionIndexes: [0, 1] }], requireStable: true },
  ['committedOffset', 'errorCode'],
)
const show = ['committedOffset', 'metadata', 'committedLeaderEpoch']

export const OFFSETS: readonly Behaviour[] = [
  on('O1', 'OffsetCommit of a member', alone, commit(), offsets()),
  on('O1', 'with an older generation', alone, join(), sync(), commit(0, 5, 'older'), offsets()),
  on('O1', 'with a newer generation', alone, commit(0, 5, 'newer')),
  on('O1', 'of somebody unknown', alone, commit(1)),
  on('O1', 'after leaving', alone, leave(), commit()),
  on('O1', 'after its session', alone, sleep(4_600), commit()),
  on('O2', 'while the group rebalances', alone, join(1), commit(), offsets()),
  on('O2', 'before the leader has synced', join(), commit(), offsets()),
  on('O3', 'without a member, in no group', commit(null), offsets(), group()),
  on('O3', 'without a member, in a group with members', alone, commit(null), offsets()),
  on('O3', 'without a member, in an empty group', alone, leave(), commit(null), offsets()),
  on('O4', 'generation 0 in no group', commitWith({ generationIdOrMemberEpoch: 0 })),
  on('O4', 'generation 0 in no group, version 9', commitWith({ generationIdOrMemberEpoch: 0 }, {}, 9)),
  on('O5', 'a member commits what another one has', two, commit(1, 7), commit(0, 2), offsets()),
  on('O5', 'backwards', alone, commit(0, 9), commit(0, 1), offsets()),
  on('O6', 'a commit keeps its member', alone, sleep(2_500), commit(), sleep(2_500), beat()),
  on('O7', 'offsets outlive their coordinator', alone, commit(), restart, offsets()),
  on('O7', 'without a group, too', commit(null), restart, offsets()),
  on('O8', 'OffsetFetch of no group', offsets()),
  on('O8', 'OffsetFetch of a partition without offset', commit(null), offsets(7)),
  on('O8', 'OffsetFetch of all', commit(null), offsets(5, true)),
  on('O8', 'OffsetFetch 1', commit(null), offsets(1)),
  on('O8', 'OffsetFetch 8', commit(null), offsets(8)),
  on(
    'O8',
    'OffsetFetch of a topic that is not there',
    ask('OffsetFetch', 5, { groupId: '$group', topics: [{ name: '$other', partitionIndexes: [0] }] }, show),
  ),
  on('O8', 'negative offsets', commitWith({}, { committedOffset: -1n }), offsets()),
  on('O8', 'offsets far beyond the end', commitWith({}, { committedOffset: 2n ** 60n }), offsets()),
  on(
    'O8',
    'metadata and leader epoch come back',
    commitWith({}, { committedMetadata: 'noted', committedLeaderEpoch: 3 }),
    ask('OffsetFetch', 5, { groupId: '$group', topics: [{ name: '$topic', partitionIndexes: [0] }] }, show),
  ),
  on(
    'O8',
    'no metadata',
    commitWith({}),
    ask('OffsetFetch', 5, { groupId: '$group', topics: [{ name: '$topic', partitionIndexes: [0] }] }, show),
  ),
  on('O9', 'the partition of an open transaction is unstable', begin(), addOffsets(), sendOffsets(), stable),
  on('O9', 'only who asks for stable offsets hears of it', begin(), addOffsets(), sendOffsets(), offsets(6)),
  on('O9', 'and not after its end', begin(), addOffsets(), sendOffsets(), end(true), stable),
  on(
    'O9',
    'nor after it was aborted',
    commit(null),
    begin(),
    addOffsets(),
    sendOffsets(),
    end(false),
    stable,
  ),
  on('O11', 'metadata that is too long', commitWith({}, { committedMetadata: 'x'.repeat(5_000) }), offsets()),
  on(
    'O11',
    'metadata as long as it may be',
    commitWith({}, { committedMetadata: 'x'.repeat(4_096) }),
    offsets(),
  ),
  on(
    'O11',
    'a topic that is not there',
    commitWith({
      topics: [
        { name: '$other', partitions: [{ partitionIndex: 0, committedOffset: 1n, committedMetadata: null }] },
      ],
    }),
  ),
  on('O11', 'a partition that is not there', commitWith({}, { partitionIndex: 77 })),
  on(
    'O11',
    'offsets go with their topic',
    commit(null),
    ask('DeleteTopics', 1, { topicNames: ['$topic'], timeoutMs: 5_000 }),
    sleep(1_500),
    offsets(5, true),
  ),
  on(
    'O',
    'OffsetDelete',
    commit(null),
    ask('OffsetDelete', 0, {
      groupId: '$group',
      topics: [{ name: '$topic', partitions: [{ partitionIndex: 0 }] }],
    }),
    offsets(),
  ),
  on(
    'O',
    'OffsetDelete of a topic that the group subscribes to',
    alone,
    commit(),
    ask('OffsetDelete', 0, {
      groupId: '$group',
      topics: [{ name: '$topic', partitions: [{ partitionIndex: 0 }] }],
    }),
    offsets(),
  ),
  on('O', 'OffsetDelete of no group', ask('OffsetDelete', 0, { groupId: '$group', topics: [] })),
  on('O', 'an empty group id', commitWith({ groupId: '' })),
]
