import { encodeBatch } from '../../../kafka/index.ts'
import type { Step } from '../../differential/script.ts'
import {
  add,
  ask,
  type Behaviour,
  begin,
  deleteRecords,
  end,
  fetch,
  list,
  on,
  produce,
  producer,
  restart,
  send,
  sleep,
  write,
} from '../steps.ts'

const fetchWith = (
  partition: object,
  overrides: object = {},
  version = 11,
  show: readonly string[] = [],
): Step =>
  ask(
    'Fetch',
    version,
    {
      maxWaitMs: 100,
      minBytes: 1,
      maxBytes: 100_000,
      topics: [
        {
          topic: '$topic',
          topicId: '$uuid',
          partitions: [{ partition: 0, fetchOffset: 0n, partitionMaxBytes: 100_000, ...partition }],
        },
      ],
      ...overrides,
    },
    { show },
  )
/** ListOffsets −3; isolation level 1 is read_committed. */
const latestTime = (isolationLevel = 0): Step =>
  ask(
    'ListOffsets',
    7,
    {
      replicaId: -1,
      isolationLevel,
      topics: [
        { name: '$topic', partitions: [{ partitionIndex: 0, currentLeaderEpoch: -1, timestamp: -3n }] },
      ],
    },
    { show: ['offset'] },
  )
/** One batch, its records at these times. */
const writeAt = (...times: readonly number[]): Step =>
  ask('Produce', 7, {
    transactionalId: null,
    acks: -1,
    timeoutMs: 1_000,
    topicData: [
      {
        name: '$topic',
        partitionData: [
          {
            index: 0,
            records: encodeBatch({
              records: times.map((time) => ({
                timestamp: BigInt(time),
                key: null,
                value: Buffer.from(String(time)),
              })),
            }),
          },
        ],
      },
    ],
  })
const meta = (version: number, show: readonly string[], overrides: object = {}): Step =>
  ask(
    'Metadata',
    version,
    { topics: [{ name: '$topic' }], allowAutoTopicCreation: false, ...overrides },
    { show },
  )
const create = (name: string, overrides: object = {}, version = 4, show: readonly string[] = []): Step =>
  ask(
    'CreateTopics',
    version,
    {
      topics: [{ name, numPartitions: 1, replicationFactor: 1, assignments: [], configs: [], ...overrides }],
      timeoutMs: 5_000,
    },
    { show },
  )
const remove = (name = '$topic'): Step => ask('DeleteTopics', 1, { topicNames: [name], timeoutMs: 5_000 })
const epoch = (leaderEpoch: number, current = -1): Step =>
  ask(
    'OffsetForLeaderEpoch',
    3,
    {
      replicaId: -1,
      topics: [{ topic: '$topic', partitions: [{ partition: 0, currentLeaderEpoch: current, leaderEpoch }] }],
    },
    { show: ['leaderEpoch', 'endOffset'] },
  )

export const LOGS: readonly Behaviour[] = [
  on('L1', 'what is produced can be fetched', produce(), fetch()),
  on('L1', 'the high watermark follows', produce(3), list('latest')),
  on('L4', 'Fetch with an older leader epoch', restart, produce(), fetchWith({ currentLeaderEpoch: 0 })),
  on('L4', 'Fetch with a newer leader epoch', produce(), fetchWith({ currentLeaderEpoch: 99 })),
  on('L4', 'Fetch without one', produce(), fetchWith({ currentLeaderEpoch: -1 }, {}, 11, ['highWatermark'])),
  on(
    'L4',
    'ListOffsets with a newer leader epoch',
    ask('ListOffsets', 4, {
      replicaId: -1,
      topics: [
        { name: '$topic', partitions: [{ partitionIndex: 0, currentLeaderEpoch: 99, timestamp: -1n }] },
      ],
    }),
  ),
  on('L4', 'OffsetForLeaderEpoch of the current epoch', produce(3), epoch(0)),
  on('L4', 'OffsetForLeaderEpoch of an epoch to come', produce(3), epoch(7)),
  on('L4', 'OffsetForLeaderEpoch from the future', produce(3), epoch(0, 9)),
  on(
    'L5',
    'Fetch of a topic that is not there',
    fetchWith(
      {},
      {
        topics: [{ topic: '$other', partitions: [{ partition: 0, fetchOffset: 0n, partitionMaxBytes: 10 }] }],
      },
    ),
  ),
  on('L5', 'Fetch of a partition that is not there', fetchWith({ partition: 9 })),
  on(
    'L5',
    'ListOffsets of a topic that is not there',
    ask('ListOffsets', 2, {
      replicaId: -1,
      topics: [{ name: '$other', partitions: [{ partitionIndex: 0, timestamp: -1n }] }],
    }),
  ),
  on(
    'L5',
    'Metadata of a topic that is not there',
    ask(
      'Metadata',
      5,
      { topics: [{ name: '$other' }], allowAutoTopicCreation: false },
      { show: ['leaderId'] },
    ),
  ),
  on('L5', 'Metadata of a topic', meta(7, ['partitionIndex', 'leaderEpoch', 'isInternal'])),
  on('L5', 'Metadata 1 with no topics is about none', ask('Metadata', 1, { topics: [] }, { show: ['name'] })),
  on('L7', 'Fetch beyond the end', produce(), fetch('beyond')),
  on('L7', 'Fetch at the end', produce(), fetch('end')),
  on('L7', 'Fetch below the start', produce(), fetch('below')),
  on('L7', 'Fetch of an empty log', fetch()),
  on('L8', 'whole batches, from the one that holds the offset', produce(3), fetch('middle')),
  on(
    'L8',
    'the first batch comes whole, however small the limit',
    produce(3),
    fetchWith({ partitionMaxBytes: 1 }, { maxBytes: 1 }, 11, ['highWatermark', 'records']),
  ),
  on(
    'L8',
    'a poll without enough bytes',
    produce(),
    fetchWith({}, { minBytes: 50_000 }, 11, ['highWatermark']),
  ),
  on('L8', 'Fetch 4', produce(), fetch('start', false, 4)),
  on('L8', 'Fetch 12', produce(), fetch('start', false, 12)),
  on(
    'L9',
    'a session is opened',
    produce(),
    fetchWith({}, { sessionId: 0, sessionEpoch: 0 }, 11, ['highWatermark']),
  ),
  on('L9', 'a session that is not there', fetchWith({}, { sessionId: 123_456, sessionEpoch: 1 })),
  on('L9', 'no session', produce(), fetchWith({}, { sessionId: 0, sessionEpoch: -1 }, 11, ['sessionId'])),
  on('L10', 'DeleteRecords', produce(4), deleteRecords('middle'), list('earliest'), fetch()),
  on(
    'L10',
    'DeleteRecords of everything',
    produce(4),
    deleteRecords('end'),
    list('earliest'),
    list('latest'),
  ),
  on('L10', 'DeleteRecords beyond the end', produce(4), deleteRecords('beyond')),
  on(
    'L10',
    'what is deleted is out of range',
    produce(4),
    deleteRecords('end'),
    fetchWith({ fetchOffset: 0n }),
  ),
  on(
    'L10',
    'DeleteRecords of a topic that is not there',
    ask('DeleteRecords', 1, {
      topics: [{ name: '$other', partitions: [{ partitionIndex: 0, offset: 0n }] }],
      timeoutMs: 1_000,
    }),
  ),
  on('L11', 'a topic is deleted', produce(), remove(), sleep(1_000), meta(5, [])),
  on(
    'L11',
    'created again its offsets restart',
    produce(),
    remove(),
    sleep(1_000),
    create('$topic'),
    sleep(500),
    list('latest'),
  ),
  on('L11', 'Fetch by topic id', produce(), meta(12, []), fetchWith({}, {}, 13, ['highWatermark'])),
  on(
    'L11',
    'Fetch by the id of a topic that is gone',
    produce(),
    meta(12, []),
    remove(),
    sleep(1_000),
    fetchWith({}, {}, 13),
  ),
  on('L11', 'DeleteTopics of a topic that is not there', remove('$other')),
  on('L12', 'ListOffsets at the start', produce(), list('earliest')),
  on('L12', 'ListOffsets by time', produce(3), list('time')),
  on('L12', 'ListOffsets after the last record', produce(3), list('never')),
  on('L12', 'ListOffsets of an empty log by time', list('time')),
  on('L12', 'ListOffsets for the latest timestamp', produce(3), latestTime()),
  on(
    'L12',
    'ListOffsets for the latest timestamp where all was deleted',
    produce(3),
    deleteRecords('end'),
    latestTime(),
    produce(1),
    latestTime(),
  ),
  on(
    'L12',
    'ListOffsets for the latest timestamp where its record was deleted',
    writeAt(50, 90, 90, 60),
    latestTime(),
    deleteRecords('end'),
    latestTime(),
    writeAt(70),
    latestTime(),
    writeAt(95),
    latestTime(),
  ),
  on(
    'L12',
    'ListOffsets for the latest timestamp in an open transaction',
    writeAt(50),
    begin(),
    add(),
    write(),
    latestTime(),
    latestTime(1),
  ),
  on(
    'L12',
    'ListOffsets for the latest timestamp after a transaction',
    writeAt(50),
    begin(),
    add(),
    write(),
    end(true),
    latestTime(),
    latestTime(1),
  ),
  on('L13', 'offsets are the broker’s', produce(2), produce(1), fetch()),
  on(
    'L13',
    'a record with a wrong CRC',
    ask('Produce', 7, {
      transactionalId: null,
      acks: -1,
      timeoutMs: 1_000,
      topicData: [
        {
          name: '$topic',
          partitionData: [
            { index: 0, records: Buffer.from(`0000000000000000000000310000000002${'00'.repeat(45)}`, 'hex') },
          ],
        },
      ],
    }),
  ),
  on(
    'L13',
    'no records',
    ask('Produce', 7, {
      transactionalId: null,
      acks: -1,
      timeoutMs: 1_000,
      topicData: [{ name: '$topic', partitionData: [{ index: 0, records: Buffer.alloc(0) }] }],
    }),
  ),
  on('L', 'records outlive their broker', produce(3), restart, fetch()),
  on('L', 'and so do sequences', producer(), send(), restart, send('again'), send('next')),
  on('A', 'CreateTopics of a topic that is there', create('$topic')),
  on('A', 'CreateTopics with a bad name', create('a/b')),
  on('A', 'CreateTopics with an empty name', create('')),
  on('A', 'CreateTopics without partitions', create('$other', { numPartitions: 0 })),
  on('A', 'CreateTopics with a replication factor of 0', create('$other', { replicationFactor: 0 })),
  on('A', 'CreateTopics with more replicas than brokers', create('$other', { replicationFactor: 5 })),
  on(
    'A',
    'CreateTopics with a configuration that there is not',
    create('$other', { configs: [{ name: 'no.such', value: '1' }] }),
  ),
  on(
    'A',
    'CreateTopics with the defaults',
    create('$other', { numPartitions: -1, replicationFactor: -1 }, 5, ['numPartitions', 'replicationFactor']),
  ),
  on(
    'A',
    'CreateTopics only looks',
    ask('CreateTopics', 4, {
      topics: [{ name: '$other', numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }],
      timeoutMs: 1_000,
      validateOnly: true,
    }),
    ask('Metadata', 5, { topics: [{ name: '$other' }], allowAutoTopicCreation: false }),
  ),
  on(
    'A',
    'CreatePartitions',
    ask('CreatePartitions', 1, {
      topics: [{ name: '$topic', count: 4, assignments: null }],
      timeoutMs: 5_000,
      validateOnly: false,
    }),
    sleep(500),
    meta(5, ['partitionIndex']),
  ),
  on(
    'A',
    'CreatePartitions, fewer',
    ask('CreatePartitions', 1, {
      topics: [{ name: '$topic', count: 1, assignments: null }],
      timeoutMs: 5_000,
      validateOnly: false,
    }),
  ),
  on(
    'A',
    'CreatePartitions of a topic that is not there',
    ask('CreatePartitions', 1, {
      topics: [{ name: '$other', count: 3, assignments: null }],
      timeoutMs: 5_000,
      validateOnly: false,
    }),
  ),
  on(
    'A',
    'DescribeConfigs of a topic',
    ask(
      'DescribeConfigs',
      1,
      {
        resources: [
          { resourceType: 2, resourceName: '$topic', configurationKeys: ['retention.ms', 'cleanup.policy'] },
        ],
      },
      { show: ['value'] },
    ),
  ),
  on(
    'A',
    'DescribeConfigs of a topic that is not there',
    ask('DescribeConfigs', 1, {
      resources: [{ resourceType: 2, resourceName: '$other', configurationKeys: null }],
    }),
  ),
]
