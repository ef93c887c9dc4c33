import type { Ask, Step } from '../../differential/script.ts'
import { ask, askAs, type Behaviour, on, pipeline, sleep } from '../steps.ts'

const own = { 'client-id': '$client' }
/** Brokers hear of a quota a moment after it was altered. */
const HEARD_MS = 2_000

const alter = (
  key: string,
  value: number | null,
  entity: Readonly<Record<string, string | null>> = own,
  version = 1,
): Step =>
  ask('AlterClientQuotas', version, {
    entries: [
      {
        entity: Object.entries(entity).map(([entityType, entityName]) => ({ entityType, entityName })),
        ops: [{ key, value: value ?? 0, remove: value === null }],
      },
    ],
    validateOnly: false,
  })
const quota = (key: string, value: number): readonly Step[] => [alter(key, value), sleep(HEARD_MS)]
const described = (components: readonly object[], strict = false, version = 1): Step =>
  ask('DescribeClientQuotas', version, { components, strict }, { show: ['entityType', 'key', 'value'] })
const ofClient = { entityType: 'client-id', matchType: 0, match: '$client' }
const produce = (acks = -1, version = 7): Ask => ({
  api: 'Produce',
  version,
  body: {
    transactionalId: null,
    acks,
    timeoutMs: 1_000,
    topicData: [{ name: '$topic', partitionData: [{ index: 0, records: '$big-batch' }] }],
  },
  show: ['throttleTimeMs'],
})
const fetch = (version = 11): Ask => ({
  api: 'Fetch',
  version,
  body: {
    maxWaitMs: 100,
    minBytes: 1,
    maxBytes: 1_000_000,
    sessionId: 0,
    sessionEpoch: 0,
    topics: [
      { topic: '$topic', partitions: [{ partition: 0, fetchOffset: 0n, partitionMaxBytes: 1_000_000 }] },
    ],
  },
  show: ['throttleTimeMs', 'records'],
})
const metadata = { api: 'Metadata', version: 5, body: { topics: [] }, show: ['throttleTimeMs'] } as const
/** On a connection that nothing else uses. */
const sent = (asked: Ask): Step => askAs(0, asked)

export const QUOTAS: readonly Behaviour[] = [
  on('T3', 'a producer within its quota', quota('producer_byte_rate', 1_000_000), sent(produce())),
  on(
    'T3',
    'a producer above its quota is told for how long',
    quota('producer_byte_rate', 1_000),
    sent(produce()),
  ),
  on('T3', 'Produce 3, too', quota('producer_byte_rate', 1_000), sent(produce(-1, 3))),
  on(
    'T3',
    'and is heard no more until then',
    quota('producer_byte_rate', 1_000),
    pipeline(produce(), metadata),
  ),
  on(
    'T3',
    'its other connections are heard',
    quota('producer_byte_rate', 1_000),
    sent(produce()),
    askAs(1, metadata),
  ),
  on(
    'T3',
    'Produce with acks 0 mutes without an answer',
    quota('producer_byte_rate', 1_000),
    pipeline(produce(0), metadata),
  ),
  on(
    'T3',
    'a consumer above its quota gets no records',
    sent(produce()),
    quota('consumer_byte_rate', 3_000),
    sent(fetch()),
    sent(fetch()),
  ),
  on(
    'T3',
    'a batch larger than ten seconds of a quota never comes',
    sent(produce()),
    quota('consumer_byte_rate', 1_000),
    sent(fetch()),
  ),
  on(
    'T3',
    'request_percentage throttles any request, for a second at most',
    quota('request_percentage', 0.000_01),
    sent(metadata),
  ),
  on(
    'T3',
    'and Fetch has no records then',
    sent(produce()),
    quota('request_percentage', 0.000_01),
    sent(fetch()),
  ),
  on(
    'T3',
    'Produce with acks 0 is exempt from it',
    quota('request_percentage', 0.000_01),
    pipeline(produce(0), metadata),
  ),
  on(
    'T3',
    'a quota that is removed',
    quota('producer_byte_rate', 1_000),
    alter('producer_byte_rate', null),
    sleep(HEARD_MS),
    sent(produce()),
    described([ofClient]),
  ),
  on('A', 'a quota is described', quota('producer_byte_rate', 1_000), described([ofClient])),
  on(
    'A',
    'a quota is described, version 0',
    alter('producer_byte_rate', 1_000, own, 0),
    sleep(HEARD_MS),
    described([ofClient], false, 0),
  ),
  on(
    'A',
    'quotas of a user and a client',
    alter('consumer_byte_rate', 5, { user: '$other', ...own }),
    sleep(HEARD_MS),
    described([ofClient]),
    described([ofClient], true),
  ),
  on('A', 'AlterClientQuotas of nobody', alter('producer_byte_rate', 1_000, {})),
  on('A', 'AlterClientQuotas of a quota that there is not', alter('bytes', 1_000)),
  on('A', 'AlterClientQuotas to nothing', alter('producer_byte_rate', 0)),
  on('A', 'AlterClientQuotas to a part of a byte', alter('producer_byte_rate', 1.5)),
  on('A', 'AlterClientQuotas of something else', alter('producer_byte_rate', 1, { group: 'g' })),
  on('A', 'DescribeClientQuotas of something else', described([{ ...ofClient, entityType: 'group' }])),
  on('A', 'DescribeClientQuotas of one thing twice', described([ofClient, ofClient])),
  on('A', 'DescribeClientQuotas in a way that there is not', described([{ ...ofClient, matchType: 7 }])),
]
