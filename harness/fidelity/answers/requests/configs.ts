import type { Body } from '../../../kafka/index.ts'
import { type AdminRequest, type PriorRequest, request, topic } from '../admin-request.ts'

const TOPIC = 2
const BROKER = 4
const BROKER_LOGGER = 8
const CLIENT_METRICS = 16
const GROUP = 32

interface AskedConfigs {
  readonly type?: number
  readonly name?: string
  /** Null: all. */
  readonly keys?: readonly string[] | null
  readonly synonyms?: true
  readonly documentation?: true
  readonly before?: readonly PriorRequest[]
  readonly from?: number
}

const describe = (
  title: string,
  {
    type = TOPIC,
    name = '$t',
    keys = null,
    synonyms,
    documentation,
    before = [topic()],
    from,
  }: AskedConfigs = {},
): AdminRequest =>
  request(
    title,
    'DescribeConfigs',
    {
      resources: [{ resourceType: type, resourceName: name, configurationKeys: keys }],
      includeSynonyms: synonyms === true,
      includeDocumentation: documentation === true,
    },
    { before, unordered: ['configs'], ...(from === undefined ? {} : { from }) },
  )

const SET = { 'retention.ms': '1000', 'cleanup.policy': 'compact' }
/** Settings whose values are the same wherever the broker runs. */
const BROKER_KEYS = [
  'num.io.threads',
  'num.network.threads',
  'num.partitions',
  'default.replication.factor',
  'log.retention.ms',
  'log.retention.hours',
  'log.segment.bytes',
  'log.cleanup.policy',
  'message.max.bytes',
  'min.insync.replicas',
  'compression.type',
  'unclean.leader.election.enable',
  'auto.create.topics.enable',
  'offsets.retention.minutes',
  'group.initial.rebalance.delay.ms',
  'group.max.session.timeout.ms',
  'transaction.max.timeout.ms',
  'ssl.keystore.password',
]

const DESCRIPTIONS: readonly AdminRequest[] = [
  describe('a topic, all'),
  describe('a topic, all with synonyms', { synonyms: true, from: 1 }),
  describe('a topic, all with documentation', { documentation: true, from: 3 }),
  describe('a topic, what was set', { keys: Object.keys(SET), before: [topic(1, SET)] }),
  describe('a topic, what was set, with synonyms', {
    keys: Object.keys(SET),
    before: [topic(1, SET)],
    synonyms: true,
    from: 1,
  }),
  describe('a topic, what there is not', { keys: ['no.such.config'] }),
  describe('a topic, nothing', { keys: [] }),
  describe('a topic that is not there', { before: [] }),
  describe('a topic with a bad name', { name: '$ t', before: [] }),
  describe('a topic without a name', { name: '', before: [] }),
  describe('a broker, some', { type: BROKER, name: '0', keys: BROKER_KEYS, before: [] }),
  describe('a broker, some with synonyms', {
    type: BROKER,
    name: '0',
    keys: BROKER_KEYS,
    before: [],
    synonyms: true,
    from: 1,
  }),
  describe('a broker, some with documentation', {
    type: BROKER,
    name: '0',
    keys: BROKER_KEYS,
    before: [],
    documentation: true,
    from: 3,
  }),
  describe('a broker that is another one', { type: BROKER, name: '7', before: [] }),
  describe('a broker that is no number', { type: BROKER, name: 'x', before: [] }),
  describe('all brokers', { type: BROKER, name: '', before: [] }),
  describe('a group', { type: GROUP, name: '$g', before: [] }),
  describe('a group, with synonyms', { type: GROUP, name: '$g', before: [], synonyms: true, from: 1 }),
  describe('a group without a name', { type: GROUP, name: '', before: [] }),
  describe('client metrics', { type: CLIENT_METRICS, name: '$m', before: [] }),
  describe('client metrics without a name', { type: CLIENT_METRICS, name: '', before: [] }),
  describe('loggers of a broker that is another one', { type: BROKER_LOGGER, name: '7', before: [] }),
  describe('an unknown kind', { type: 99, name: 'x', before: [] }),
]

const resource = (
  configs: readonly Body[],
  { type = TOPIC, name = '$t' }: { type?: number; name?: string } = {},
): Body => ({
  resourceType: type,
  resourceName: name,
  configs,
})

const alter = (
  title: string,
  configs: Readonly<Record<string, string | null>>,
  more: { type?: number; name?: string; before?: readonly PriorRequest[]; only?: true } = {},
): AdminRequest =>
  request(
    title,
    'AlterConfigs',
    {
      resources: [
        resource(
          Object.entries(configs).map(([name, value]) => ({ name, value })),
          more,
        ),
      ],
      validateOnly: more.only === true,
    },
    { before: more.before ?? [topic()] },
  )

type Op = 'set' | 'delete' | 'append' | 'subtract'
const OPS: Readonly<Record<Op, number>> = { set: 0, delete: 1, append: 2, subtract: 3 }
const change = (
  title: string,
  changes: readonly (readonly [Op | number, string, string | null])[],
  more: { type?: number; name?: string; before?: readonly PriorRequest[]; only?: true } = {},
): AdminRequest =>
  request(
    title,
    'IncrementalAlterConfigs',
    {
      resources: [
        resource(
          changes.map(([op, name, value]) => ({
            name,
            configOperation: typeof op === 'number' ? op : OPS[op],
            value,
          })),
          more,
        ),
      ],
      validateOnly: more.only === true,
    },
    { before: more.before ?? [topic()] },
  )

const ALTERATIONS: readonly AdminRequest[] = [
  alter('a topic', { 'retention.ms': '5' }),
  alter('a topic, validated only', { 'retention.ms': '5' }, { only: true }),
  alter('a topic, a number that is none', { 'retention.ms': 'soon' }),
  alter('a topic, none of a choice', { 'cleanup.policy': 'shred' }),
  alter('a topic, what there is not', { 'no.such.config': '1' }),
  alter('a topic, no value', { 'retention.ms': null }),
  alter('a topic that is not there', { 'retention.ms': '5' }, { before: [] }),
  alter('a topic that is not there, a number that is none', { 'retention.ms': 'soon' }, { before: [] }),
  alter('a topic without a name', { 'retention.ms': '5' }, { name: '', before: [] }),
  alter('a broker that is no number', { 'log.retention.ms': '5' }, { type: BROKER, name: 'x', before: [] }),
  alter('an unknown kind', { x: '1' }, { type: 99, name: 'x', before: [] }),
  alter('a group', { 'consumer.session.timeout.ms': '50000' }, { type: GROUP, name: '$g', before: [] }),
  request(
    'one topic twice',
    'AlterConfigs',
    {
      resources: [
        resource([{ name: 'retention.ms', value: '5' }]),
        resource([{ name: 'retention.ms', value: '6' }]),
      ],
      validateOnly: false,
    },
    { before: [topic()] },
  ),
  change('set', [['set', 'retention.ms', '5']]),
  change('set, validated only', [['set', 'retention.ms', '5']], { only: true }),
  change('set a number that is none', [['set', 'retention.ms', 'soon']]),
  change('set no value', [['set', 'retention.ms', null]]),
  change('set none of a choice', [['set', 'cleanup.policy', 'shred']]),
  change('set what there is not', [['set', 'no.such.config', '1']]),
  change('set the replicas in sync to none', [['set', 'min.insync.replicas', '0']]),
  change('set and delete one at once', [
    ['set', 'retention.ms', '5'],
    ['delete', 'retention.ms', ''],
  ]),
  change('delete', [['delete', 'retention.ms', null]]),
  change('delete what there is not', [['delete', 'no.such.config', null]]),
  change('append to a list', [['append', 'cleanup.policy', 'compact']]),
  change('append to no list', [['append', 'retention.ms', '5']]),
  change('append to what there is not', [['append', 'no.such.config', '5']]),
  change('subtract from a list', [['subtract', 'cleanup.policy', 'delete']]),
  change('subtract from no list', [['subtract', 'retention.ms', '5']]),
  change('an unknown operation', [[9, 'retention.ms', '5']]),
  change('a topic that is not there', [['set', 'retention.ms', '5']], { before: [] }),
  change('a topic that is not there, a number that is none', [['set', 'retention.ms', 'soon']], {
    before: [],
  }),
  change('a topic without a name', [['set', 'retention.ms', '5']], { name: '', before: [] }),
  change('nothing', []),
  change('a group', [['set', 'consumer.session.timeout.ms', '50000']], {
    type: GROUP,
    name: '$g',
    before: [],
  }),
  change('a group, too small', [['set', 'consumer.session.timeout.ms', '1']], {
    type: GROUP,
    name: '$g',
    before: [],
  }),
  change('a group, what there is not', [['set', 'no.such.config', '1']], {
    type: GROUP,
    name: '$g',
    before: [],
  }),
  change('a group without a name', [['set', 'consumer.session.timeout.ms', '50000']], {
    type: GROUP,
    name: '',
    before: [],
  }),
  change('an unknown kind', [['set', 'x', '1']], { type: 99, name: 'x', before: [] }),
  change('a broker that is no number', [['set', 'log.retention.ms', '5']], {
    type: BROKER,
    name: 'x',
    before: [],
  }),
]

const SETTING_OF_GROUP: PriorRequest = {
  api: 'IncrementalAlterConfigs',
  version: 1,
  body: {
    resources: [
      {
        resourceType: GROUP,
        resourceName: '$g',
        configs: [{ name: 'consumer.heartbeat.interval.ms', configOperation: 0, value: '6000' }],
      },
    ],
    validateOnly: false,
  },
}
export const CONFIGS: readonly AdminRequest[] = [
  ...DESCRIPTIONS,
  ...ALTERATIONS,
  describe('a group that has a setting of its own', {
    type: GROUP,
    name: '$g',
    before: [SETTING_OF_GROUP],
    synonyms: true,
    from: 1,
  }),
  request(
    'topics',
    'ListConfigResources',
    { resourceTypes: [TOPIC] },
    { before: [topic()], from: 1, unordered: ['configResources'] },
  ),
  request('brokers', 'ListConfigResources', { resourceTypes: [BROKER] }, { from: 1 }),
  request(
    'groups',
    'ListConfigResources',
    { resourceTypes: [GROUP] },
    { before: [SETTING_OF_GROUP], from: 1 },
  ),
  request('client metrics', 'ListConfigResources', { resourceTypes: [CLIENT_METRICS] }),
  request('an unknown kind', 'ListConfigResources', { resourceTypes: [99] }, { from: 1 }),
]
