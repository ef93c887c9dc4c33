import type { RequestDraft } from '../../../kafka/index.ts'
import type { Scripted } from '../../differential/script.ts'
import { alone, ask, type Behaviour, bytes, group, header, join, on, pipeline, sleep } from '../steps.ts'

const joining = {
  api: 'JoinGroup',
  version: 5,
  body: {
    groupId: '$group',
    sessionTimeoutMs: 4_000,
    rebalanceTimeoutMs: 1_700,
    memberId: '',
    groupInstanceId: 'pipeline',
    protocolType: 'consumer',
    protocols: [{ name: 'range', metadata: Buffer.alloc(0) }],
  },
} as const
const poll = (maxWaitMs: number) =>
  ({
    api: 'Fetch',
    version: 11,
    body: {
      maxWaitMs,
      minBytes: 1,
      maxBytes: 1_000,
      topics: [
        { topic: '$topic', partitions: [{ partition: 0, fetchOffset: 0n, partitionMaxBytes: 1_000 }] },
      ],
    },
  }) as const
const metadata = { api: 'Metadata', version: 5, body: { topics: [] } } as const
const write = (acks: number, topic = '$topic'): Scripted<RequestDraft<'Produce'>> => ({
  transactionalId: null,
  acks,
  timeoutMs: 1_000,
  topicData: [{ name: topic, partitionData: [{ index: 0, records: '$batch' }] }],
})

export const TRANSPORT: readonly Behaviour[] = [
  on('T1', 'answers come in the order of the requests', pipeline(metadata, metadata, metadata)),
  on('T1', 'a long poll holds up what is behind it', pipeline(poll(5_000), metadata)),
  on('T1', 'a poll that ends lets the next one through', pipeline(poll(50), metadata)),
  on('T1', 'a join that completes at once holds up nothing', pipeline(joining, metadata)),
  on(
    'T2',
    'Produce with acks 0 is not answered',
    ask('Produce', 7, write(0)),
    ask('Metadata', 5, { topics: [] }),
  ),
  on('T2', 'Produce with acks 0 to nowhere closes the connection', ask('Produce', 7, write(0, '$other'))),
  on(
    'C5',
    'nobody writes to the topic of the coordinators',
    ask(
      'Metadata',
      5,
      { topics: [{ name: '__consumer_offsets' }], allowAutoTopicCreation: false },
      { show: ['isInternal'] },
    ),
    ask('Produce', 7, write(-1, '__consumer_offsets')),
  ),
  on('T2', 'Produce with other acks', ask('Produce', 7, write(2))),
  on('T5', 'a client that does not wait for its answer has joined', alone, pipeline(joining), group()),
  on(
    'T5',
    'and holds the others up until its time is over',
    ...[alone, pipeline(joining), join(0), sleep(2_500), group()],
  ),
  on('T6', 'ApiVersions of a version from the future', bytes(header(18, 99, '00'))),
  on('T6', 'ApiVersions 0', bytes(header(18, 0))),
  on('T6', 'Metadata of a version from the future', bytes(header(3, 99))),
  on('T6', 'a negative version', bytes(header(3, -1))),
  on('T6', 'a request that there is not', bytes(header(999, 0))),
  on('T6', 'a body that is cut short', bytes(header(3, 1, '00000005'))),
  on('T6', 'a negative size', bytes('ffffffff00000000')),
  on('T6', 'a size without a header', bytes('00000000')),
  on('T6', 'a size that is too large', bytes('7fffffff00030001')),
  on('T7', 'Produce 2 is gone', bytes(header(0, 2, '0001000003e800000000'))),
  on('T7', 'Fetch 3 is gone', bytes(header(1, 3, 'ffffffff000001f4000000010000100000000000'))),
  on('T7', 'JoinGroup 1 is gone', bytes(header(11, 1, '0001670000ea600000ea60000000000000000000'))),
  on('T7', 'OffsetCommit 1 is gone', bytes(header(8, 1, '000167ffffffff000000000000'))),
  on('T7', 'OffsetFetch 0 is gone', bytes(header(9, 0, '00016700000000'))),
]
