import {
  add,
  addOffsets,
  alone,
  ask,
  type Behaviour,
  begin,
  beginFor,
  commit,
  end,
  groupRecords,
  join,
  leave,
  on,
  sendOffsets,
  sleep,
  sync,
  transactionRecords,
  two,
  write,
} from '../steps.ts'
import { heartbeat, next } from './consumer-groups.ts'

const remove = { do: 'delete-group' } as const
const static0 = (as: 'self' | 'new' = 'self') => join(0, { as, instance: 0 })

/**
 * Kafka 3.9 writes a group with its first generation, no tombstone of one without, and transactions
 * of version 0.
 */
const since4 = (behaviour: Behaviour): Behaviour => ({ ...behaviour, since: '4.1' })

const CLASSIC: readonly Behaviour[] = [
  since4(on('K', 'the record of a stable group', alone, groupRecords)),
  since4(on('K', 'a generation that is not synced', join(), groupRecords)),
  since4(on('K', 'a group of two', two, groupRecords)),
  since4(on('K', 'a group whose last member left', alone, leave(), groupRecords)),
  since4(
    on(
      'K',
      'a static member that comes again under another id',
      static0(),
      sync(),
      static0('new'),
      groupRecords,
    ),
  ),
  since4(on('K', 'a commit of a member', alone, commit(), groupRecords)),
  on('K', 'a commit of nobody, twice', commit(null), commit(null, 7), groupRecords),
  on(
    'K',
    'a commit that says how long it is to be kept',
    ask('OffsetCommit', 3, {
      groupId: '$group',
      generationIdOrMemberEpoch: -1,
      memberId: '',
      retentionTimeMs: 60_000n,
      topics: [
        { name: '$topic', partitions: [{ partitionIndex: 0, committedOffset: 4n, committedMetadata: 'm' }] },
      ],
    }),
    groupRecords,
  ),
  on(
    'K',
    'an offset that is deleted, and one that is not there',
    commit(null),
    ask('OffsetDelete', 0, {
      groupId: '$group',
      topics: [{ name: '$topic', partitions: [{ partitionIndex: 0 }, { partitionIndex: 1 }] }],
    }),
    groupRecords,
  ),
  since4(on('K', 'a group that is deleted', alone, commit(), leave(), remove, groupRecords)),
  since4(on('K', 'a group of nothing but offsets that is deleted', commit(null), remove, groupRecords)),
]

const TRANSACTIONS: readonly Behaviour[] = [
  on('K', 'a transactional id', begin(), transactionRecords),
  on('K', 'a transaction that is open', begin(), add(), add(0, 1), transactionRecords),
  on('K', 'a transaction that is committed', begin(), add(), write(), end(true), transactionRecords),
  on('K', 'a transaction that is aborted', begin(), add(), end(false), transactionRecords),
  on('K', 'two transactions of one id', begin(), add(), end(true), add(), end(true), transactionRecords),
  since4(on('K', 'a transaction that its successor aborts', begin(), add(), begin(), transactionRecords)),
  since4(
    on('K', 'a transaction that takes too long', beginFor(1_000), add(), sleep(12_000), transactionRecords),
  ),
  on('K', 'offsets of a transaction', begin(), addOffsets(), sendOffsets(), groupRecords),
  on(
    'K',
    'offsets that a transaction commits',
    begin(),
    addOffsets(),
    sendOffsets(),
    end(true),
    groupRecords,
  ),
  on(
    'K',
    'offsets that a transaction aborts',
    begin(),
    addOffsets(),
    sendOffsets(),
    end(false),
    groupRecords,
  ),
  on('K', 'where a transaction has its offsets', begin(), addOffsets(), transactionRecords),
]

const CONSUMER: readonly Behaviour[] = [
  on('K', 'a member of the consumer protocol', heartbeat({}), groupRecords),
  on('K', 'its heartbeat', heartbeat({}), next(1), groupRecords),
  on(
    'K',
    'a second one that waits for the first',
    heartbeat({}),
    heartbeat({ memberId: 'member-b' }),
    next(1),
    groupRecords,
  ),
  on(
    'K',
    'and gets what that one gives up',
    heartbeat({}),
    heartbeat({ memberId: 'member-b' }),
    next(1),
    next(1, { topicPartitions: [{ topicId: '$uuid', partitions: [0] }] }),
    next(2, { memberId: 'member-b' }),
    groupRecords,
  ),
  on('K', 'one that leaves', heartbeat({}), next(-1), groupRecords),
  on(
    'K',
    'one that leaves another',
    heartbeat({}),
    heartbeat({ memberId: 'member-b' }),
    next(-1),
    groupRecords,
  ),
  on(
    'K',
    'one that subscribes to something else',
    heartbeat({}),
    next(1, { subscribedTopicNames: ['$other'] }),
    groupRecords,
  ),
  on(
    'K',
    'a static one that is away',
    heartbeat({ instanceId: 'a' }),
    next(-2, { instanceId: 'a' }),
    groupRecords,
  ),
  on(
    'K',
    'and comes back under another id',
    heartbeat({ instanceId: 'a' }),
    next(-2, { instanceId: 'a' }),
    heartbeat({ instanceId: 'a', memberId: 'member-b' }),
    groupRecords,
  ),
  on('K', 'a group of the consumer protocol that is deleted', heartbeat({}), next(-1), remove, groupRecords),
  on('K', 'a classic group that a member of the consumer protocol joins', alone, heartbeat({}), groupRecords),
  on('K', 'and that this member leaves', alone, heartbeat({}), next(-1), groupRecords),
  on(
    'K',
    'an empty classic group that a member of the consumer protocol joins',
    alone,
    leave(),
    heartbeat({}),
    groupRecords,
  ),
  on(
    'K',
    'an empty consumer group that a classic member joins',
    heartbeat({}),
    next(-1),
    alone,
    groupRecords,
  ),
  on(
    'K',
    'a commit with a member epoch',
    heartbeat({}),
    commit(null),
    ask('OffsetCommit', 9, {
      groupId: '$group',
      generationIdOrMemberEpoch: 1,
      memberId: 'member-a',
      topics: [
        { name: '$topic', partitions: [{ partitionIndex: 0, committedOffset: 4n, committedMetadata: null }] },
      ],
    }),
    groupRecords,
  ),
].map((each) => ({ ...each, steps: [sleep(500), ...each.steps], since: '4.1' as const }))

/** The records of `__consumer_offsets` and `__transaction_state`. */
export const STATE: readonly Behaviour[] = [...CLASSIC, ...TRANSACTIONS, ...CONSUMER]
