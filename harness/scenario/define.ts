import { fileURLToPath } from 'node:url'
import { getCallSites, types } from 'node:util'
import * as z from 'zod'
import { atLeastOnce, atMostOnce, exactlyOnce } from '../../properties/index.ts'
import { HarnessError, UsageError } from '../core/errors.ts'
import { FAULT_FAMILIES, FAULT_KINDS } from '../core/fault.ts'
import { parseTopicInCluster, partitionName } from '../core/names.ts'
import {
  type ClusterInput,
  type DrawnRecords,
  type EffectsOfService,
  isDrawn,
  type RecordInput,
  type RecordsInput,
  type Scenario,
  type TopicInput,
} from '../core/scenario.ts'
import type { Workload } from '../core/schedule.ts'
import type { Stream } from '../core/seed.ts'
import { MEASURES, type Measured } from '../core/verdict.ts'
import { wrongApps } from './apps.ts'
import { type FlatScenario, flatScenario, recordsToWrite, wrongClusters } from './clusters.ts'
import { wrongGroups } from './groups.ts'
import { wrongServices } from './services.ts'
import { complaint, type Shape } from './validate.ts'

/** An offset is an int64, and a million records fit behind this one. */
export const OFFSET_MAX: bigint = 2n ** 63n - 1_000_000n
export const PARTITIONS_MAX = 10_000
export const CONSUMERS_MAX = 1_000
export const BROKERS_MAX = 3
/** In all topics together: each is a few hundred bytes, and every schedule works through them. */
export const RECORDS_MAX = 100_000
/**
 * A month: an idle virtual hour costs a fraction of a second, and every schedule waits for the last
 * record.
 */
export const AT_MS_MAX = 31 * 86_400_000
/** `Topic.validate` and `Topic.INTERNAL_TOPICS` in Kafka. */
const TOPIC_NAME = /^(?!\.{1,2}$)[a-zA-Z0-9._-]{1,249}$/
const INTERNAL_TOPICS = ['__consumer_offsets', '__transaction_state', '__share_group_state']
const FAULT_NAMES = [...new Set([...Object.keys(FAULT_FAMILIES), ...FAULT_KINDS])]

const wholeNumber = (min: number, max: number): z.ZodNumber => z.number().int().min(min).max(max)
/** Not `instanceof`: a test file of jest has a `Uint8Array` of its own. */
const bytes = z.union([z.string(), z.custom((value) => types.isUint8Array(value))])
const callable = z.custom((value) => typeof value === 'function')

const record = z.strictObject({
  key: bytes.nullish(),
  value: bytes.nullable(),
  headers: z.record(z.string(), bytes).optional(),
  partition: wholeNumber(0, PARTITIONS_MAX - 1).optional(),
  atMs: z.number().min(0).max(AT_MS_MAX).optional(),
} satisfies Record<keyof RecordInput, z.ZodType>)

const drawn = z.strictObject({
  count: wholeNumber(0, Number.MAX_SAFE_INTEGER),
  each: z.custom(
    (value) =>
      typeof value === 'function' ||
      (typeof value === 'object' && value !== null && 'generate' in value && 'shrink' in value),
  ),
  at: callable.optional(),
} satisfies Record<keyof DrawnRecords, z.ZodType>)

const offset = z
  .union([
    z.bigint(),
    wholeNumber(0, Number.MAX_SAFE_INTEGER),
    z.string().regex(/^\d{1,19}$/, { abort: true }),
  ])
  .refine((given) => BigInt(given) >= 0n && BigInt(given) <= OFFSET_MAX)

const topic = z.strictObject({
  partitions: wholeNumber(1, PARTITIONS_MAX),
  startOffset: offset.optional(),
  configs: z.record(z.string(), z.string()).optional(),
} satisfies Record<keyof TopicInput, z.ZodType>)

const effectsOf = z.strictObject({
  from: z.string().min(1),
  query: z.string().min(1),
} satisfies Record<keyof EffectsOfService, z.ZodType>)

const limit = z.number().min(0).optional()
const measures = z.strictObject({
  lagMax: limit,
  duplicatesMax: limit,
  stoppedMsMax: limit,
  recoveryMsMax: limit,
} satisfies Record<keyof Measured, z.ZodType>)

/** Our own, or one that the user made: other fields are its own business. */
const service = z.looseObject({
  port: wholeNumber(1, 65_535),
  accept: callable,
  reset: callable,
})

const moduleFields = { module: z.string().min(1), sharedPackages: z.array(z.string()).optional() }
const moduleApp = z.strictObject(moduleFields)

const processCount = wholeNumber(1, CONSUMERS_MAX)
const appFields = {
  processes: z
    .union([processCount, z.strictObject({ atLeast: processCount, atMost: processCount })])
    .optional(),
  env: z.record(z.string(), z.string()).optional(),
}
const namedApp = z.union([
  z.strictObject({ ...moduleFields, ...appFields }),
  z.strictObject({ main: callable, ...appFields }),
])

const topics = z.record(z.string().min(1), topic).refine((all) => Object.keys(all).length > 0)
const records = z.record(
  z.string(),
  z.union([wholeNumber(0, Number.MAX_SAFE_INTEGER), z.array(record), drawn, callable]),
)
const ofCluster = {
  groups: z.record(z.string().min(1), z.record(z.string(), offset)).optional(),
  brokers: wholeNumber(1, BROKERS_MAX).optional(),
  broker: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
}
const cluster = z.strictObject({
  topics,
  records: records.optional(),
  ...ofCluster,
} satisfies Record<keyof ClusterInput, z.ZodType>)

const name = z.string().min(1)
const shared = {
  consumers: wholeNumber(1, CONSUMERS_MAX).optional(),
  app: z.union([callable, moduleApp]).optional(),
  apps: z.record(z.string().min(1), namedApp).optional(),
  guarantee: z.strictObject({
    model: z.enum(['at-least-once', 'at-most-once', 'exactly-once']),
    // `atLeastOnce()` and the others check the options.
    options: z.looseObject({}),
  }),
  identity: callable.optional(),
  effects: z.union([z.enum(['reported', 'handlers']), effectsOf]).optional(),
  services: z.record(z.string().min(1), service).optional(),
  invariants: z.record(z.string().min(1), callable).optional(),
  measures: measures.optional(),
  restMs: z.number().min(0).max(3_600_000).optional(),
  expiriesMs: z.array(z.number().min(1).max(2_678_400_000)).optional(),
  faults: z.array(z.enum(FAULT_NAMES)).optional(),
  env: z.record(z.string(), z.string()).optional(),
}

/** With one cluster. */
const scenario = z.strictObject({
  name,
  topics,
  records,
  clusters: z.undefined().optional(),
  ...ofCluster,
  ...shared,
} satisfies Record<keyof Scenario, z.ZodType>)

/** With several: what stands beside them has a sentence of its own. */
const clustered = z.strictObject({
  ...scenario.partial().shape,
  name,
  ...shared,
  clusters: z.record(z.string(), cluster),
})

const BYTES = 'it must be a string or a Uint8Array'
const OFFSET = 'it must be an offset from 0 to 2^63 - 1,000,000: a bigint, a whole number or a decimal string'

const SHAPE: Shape = {
  schema: scenario,
  expected: {
    '': 'write defineScenario({ name, topics, records, app, guarantee })',
    name: "give it a name, such as name: 'orders consumer'",
    topics: 'write topics: { orders: { partitions: 3 } }',
    'topics.*.partitions': 'it must be a whole number from 1 to 10,000',
    'topics.*.startOffset': OFFSET,
    'topics.*.configs': "write configs: { 'retention.ms': '60000' }",
    'topics.*.configs.*': "it must be a string, as Kafka's tools take it: '60000'",
    records:
      'write records: { orders: 30 }, a list of { key, value }, { count, each }, or (random) => list; {} where one of several apps writes them',
    'records.*': 'it must be a count, a list of { key, value }, { count, each }, or (random) => list',
    'records.*.count': 'it must be a whole number from 0 on',
    'records.*.each':
      'it must be an arbitrary of fast-check that gives records, fc.record({ key: fc.string(), value: fc.string() }), or a function that returns one, (index, random) => ({ value })',
    'records.*.at':
      'it must be a function that returns milliseconds: arrivals([{ perSecond: 10, forMs: 5_000 }])',
    'records.*.*': 'each record is { value, key?, headers?, partition?, atMs? }',
    'records.*.*.key': `${BYTES}, or null`,
    'records.*.*.value': `${BYTES}, or null for a tombstone`,
    'records.*.*.headers': "write headers: { name: 'value' }",
    'records.*.*.headers.*': BYTES,
    'records.*.*.partition': 'it must be a whole number from 0 on',
    'records.*.*.atMs': 'it must be a number of virtual milliseconds from 0 to 2,678,400,000 (31 days)',
    groups: "write groups: { billing: { 'orders/0': 5n } }",
    'groups.*': "write { 'orders/0': 5n }: the next offset to read, by partition",
    'groups.*.*': OFFSET,
    consumers: 'it must be a whole number from 1 to 1,000',
    brokers: 'it must be a whole number from 1 to 3',
    app: "write app: async (context) => { … }, or app: { module: './consumer.ts' }",
    apps: "write apps: { orders: { module: './orders.ts', processes: 2 }, relay: { module: './relay.ts' } }",
    'apps.*':
      "each is { module: './orders.ts' } or { main: async (context) => { … } }, with processes and env where you want them",
    'apps.*.processes': 'it must be a whole number from 1 to 1,000, or { atLeast: 1, atMost: 3 }',
    'apps.*.env': "write env: { NAME: 'value' }",
    'apps.*.env.*': 'it must be a string',
    guarantee: 'write guarantee: atLeastOnce(), atMostOnce() or exactlyOnce()',
    identity: "write identity: ({ value }) => JSON.parse(value ?? '').orderId",
    effects:
      "write effects: 'reported' (calls of context.effects), effects: 'handlers', or effects: { from: 'db', query: 'select order_id as identity, count(*) as times from orders group by 1' }",
    services: "write services: { db: postgres({ schema: './schema.sql' }) }",
    'services.*':
      "it must be a service: postgres({ schema: './schema.sql' }), or your own { port, reset, accept }",
    invariants:
      "write invariants: { 'every payment is in the ledger once': ({ history, services }) => { … } }",
    'invariants.*': 'it must be a function, which throws or returns a sentence where it is broken',
    measures: 'write measures: { lagMax: 20, duplicatesMax: 3, stoppedMsMax: 5_000 }',
    'measures.*': 'it must be a number from 0 on',
    restMs: 'it must be a number of virtual milliseconds from 0 to 3,600,000 (an hour)',
    expiriesMs: 'write a list of virtual milliseconds, such as expiriesMs: [600_000] (ten minutes)',
    'expiriesMs.*': 'it must be a number of virtual milliseconds from 1 to 2,678,400,000 (31 days)',
    faults: "write a list such as faults: ['crash', 'rebalance']",
    'faults.*': `choose among ${FAULT_NAMES.join(', ')}`,
    clusters: 'write clusters: { a: { topics: …, records: … }, b: { topics: … } }',
    env: "write env: { NAME: 'value' }",
    'env.*': 'it must be a string',
    broker: "write broker: { 'group.initial.rebalance.delay.ms': 0 }",
    'broker.*': 'it must be a string, a number, true or false',
  },
  fields: {
    '': Object.keys(scenario.shape),
    'topics.*': Object.keys(topic.shape),
    'records.*': Object.keys(drawn.shape),
    'records.*.*': Object.keys(record.shape),
    app: ['module', 'sharedPackages'],
    'apps.*': ['module', 'main', 'sharedPackages', 'processes', 'env'],
    effects: Object.keys(effectsOf.shape),
    measures: [...MEASURES],
    guarantee: ['model', 'options'],
  },
  names: { 'faults.*': FAULT_NAMES, effects: ['reported', 'handlers'] },
}

/** Patterns of a scenario's records, as those of the list alone. */
function ofList(table: Readonly<Record<string, string>>): Record<string, string> {
  const inside = Object.entries(table).filter(([pattern]) => pattern.startsWith('records.*.'))
  return Object.fromEntries(inside.map(([pattern, text]) => [pattern.slice('records.*.'.length), text]))
}

/** The shape of the result of `(random) => list`. */
const RECORD_LIST: Shape = {
  schema: z.array(record),
  expected: {
    ...ofList(SHAPE.expected),
    '': "it must be a list of { key, value }, such as [{ value: 'a' }]",
  },
  fields: { '*': Object.keys(record.shape) },
}

const OF_CLUSTER = Object.keys(cluster.shape)

/** Patterns of what a cluster has, as those of a cluster among several. */
function inClusters<Value>(table: Readonly<Record<string, Value>>): Record<string, Value> {
  const inside = Object.entries(table).filter(([pattern]) => OF_CLUSTER.includes(pattern.split('.')[0] ?? ''))
  return Object.fromEntries(inside.map(([pattern, value]) => [`clusters.*.${pattern}`, value]))
}

const SHAPE_OF_SEVERAL: Shape = {
  ...SHAPE,
  schema: clustered,
  expected: {
    ...SHAPE.expected,
    ...inClusters(SHAPE.expected),
    'clusters.*':
      'each is { topics: { orders: { partitions: 3 } } }, with records, groups and brokers where you want them',
  },
  fields: { ...SHAPE.fields, ...inClusters(SHAPE.fields), 'clusters.*': OF_CLUSTER },
}

const MODELS = { 'at-least-once': atLeastOnce, 'at-most-once': atMostOnce, 'exactly-once': exactlyOnce }

const FILE = Symbol.for('onceover.scenario.file')

/**
 * Checks a scenario and gives it back, frozen.
 * @throws UsageError `bad-scenario`: one sentence with the field, what was found and what is
 * allowed
 */
export function defineScenario(input: Scenario): Scenario {
  const shape = hasClusters(input) ? SHAPE_OF_SEVERAL : SHAPE
  const wrong = complaint(shape, input, nameOf(input)) ?? contradiction(input)
  if (wrong !== null) throw new UsageError('bad-scenario', wrong)
  const { model, options } = input.guarantee
  const made = { ...input, guarantee: MODELS[model](options) }
  Object.defineProperty(made, FILE, { value: definedIn(input) ?? callerFile() })
  return Object.freeze(made)
}

/** Absolute path of the file that called `defineScenario`: relative `module` paths start there. */
export function definedIn(scenario: Scenario): string | null {
  const file = (scenario as { readonly [FILE]?: unknown })[FILE]
  return typeof file === 'string' ? file : null
}

/** The first file outside this one on the stack. */
function callerFile(): string | null {
  const [own, ...callers] = getCallSites(8).map(({ scriptName }) => scriptName)
  const name = callers.find((each) => each !== own && !each.startsWith('node:') && each !== '')
  return name?.startsWith('file:') === true ? fileURLToPath(name) : (name ?? null)
}

function hasClusters(input: unknown): boolean {
  return typeof input === 'object' && input !== null && 'clusters' in input && input.clusters !== undefined
}

/** A contradiction between several fields, or null. */
function contradiction(input: Scenario): string | null {
  const wrong = wrongClusters(input)
  return wrong === null ? contradictionIn(flatScenario(input)) : `${nameOf(input)} ${wrong}`
}

function contradictionIn(input: FlatScenario): string | null {
  const who = nameOf(input)
  const topics = Object.keys(input.topics)
  const unfit = topics.map(ownName).find((name) => !TOPIC_NAME.test(name) || INTERNAL_TOPICS.includes(name))
  if (unfit !== undefined)
    return `${who} has a topic '${unfit}', which no user of Kafka can make; use letters, digits, '.', '_' and '-', at most 249, and no name of an internal topic`
  for (const [name, records] of Object.entries(input.records)) {
    const known = input.topics[name]
    if (known === undefined)
      return `${who} has records for the topic '${name}', which is not in 'topics' (${topics.join(', ')}); add it there`
    if (!Array.isArray(records)) continue
    for (const { partition } of records as readonly RecordInput[]) {
      if (partition !== undefined && partition >= known.partitions)
        return `${who} has a record for ${partitionName({ topic: name, partition })}, but '${name}' has ${known.partitions} partition${known.partitions === 1 ? '' : 's'}, counted from 0`
    }
  }
  const wrong = wrongGroups(input) ?? wrongApps(input) ?? wrongServices(input)
  if (wrong !== null) return `${who} ${wrong}`
  const counts = Object.values(input.records).map(countOf)
  const many = tooMany(
    who,
    counts.reduce<number>((sum, count) => sum + (count ?? 0), 0),
  )
  if (many !== null) return many
  // Without a record every guarantee holds, which says nothing.
  return counts.some((count) => count !== 0) || mayWrite(input) ? null : noRecords(who, input)
}

/** One of several apps may write what another one consumes: the run without faults shows it. */
function mayWrite({ apps = {} }: FlatScenario): boolean {
  return Object.keys(apps).length > 1
}

/** In its cluster, where there are several. */
function ownName(topic: string): string {
  return parseTopicInCluster(topic).name
}

/** As far as it is known before a function is asked: null where it is not. */
function countOf(records: RecordsInput): number | null {
  if (typeof records === 'number') return records
  if (typeof records === 'function') return null
  return isDrawn(records) ? records.count : records.length
}

function tooMany(who: string, count: number): string | null {
  if (count <= RECORDS_MAX) return null
  return `${who} has ${count.toLocaleString('en-US')} records, and at most ${RECORDS_MAX.toLocaleString('en-US')} are possible, since every schedule works through all of them; a few dozen show what a million would`
}

function noRecords(who: string, { topics, clusters }: FlatScenario): string {
  const where = clusters === undefined ? '' : ' in any cluster'
  return `${who} has no records${where}, so that nothing can go wrong; write ${recordsToWrite(Object.keys(topics)[0] ?? '')}`
}

/**
 * The records of a topic that a function makes, checked as a list is.
 * @throws UsageError `bad-scenario` where it throws, or what it returns is no list of records
 */
export function madeRecords(scenario: FlatScenario, topic: string, random: Stream): readonly RecordInput[] {
  const make = scenario.records[topic]
  if (typeof make !== 'function') throw new HarnessError(`records.${topic} is no function`)
  return checkedRecords(scenario, topic, () => make(random))
}

/**
 * The records of a topic that the user's code gives, checked as a list is.
 * @throws UsageError `bad-scenario` where it throws, or what it gives is no list of records
 */
export function checkedRecords(
  scenario: FlatScenario,
  topic: string,
  make: () => readonly RecordInput[],
): readonly RecordInput[] {
  const who = `records.${topic} of ${nameOf(scenario)}`
  let list: readonly RecordInput[]
  try {
    list = make()
  } catch (error) {
    throw new UsageError('bad-scenario', `${who} threw ${String(error)}; mend the function`, { cause: error })
  }
  const wrong = complaint(RECORD_LIST, list, `what ${who} returned`)
  if (wrong !== null) throw new UsageError('bad-scenario', wrong)
  // None at all is no contradiction here: another topic may have some.
  const some = list.length === 0 ? [{ value: '' }] : list
  const far = contradictionIn({ ...scenario, records: { [topic]: some } })
  if (far !== null) throw new UsageError('bad-scenario', far)
  return list
}

/**
 * @throws UsageError `bad-scenario` where functions made nothing at all, twice: every guarantee
 * would hold; or more than a schedule can hold.
 */
export function demandRecords(scenario: Scenario, ...made: readonly Workload[]): void {
  const who = nameOf(scenario)
  if (made.every(({ records }) => records.length === 0) && !mayWrite(flatScenario(scenario)))
    throw new UsageError('bad-scenario', noRecords(who, flatScenario(scenario)))
  const many = tooMany(who, Math.max(...made.map(({ records }) => records.length)))
  if (many !== null) throw new UsageError('bad-scenario', many)
}

function nameOf(input: unknown): string {
  const name = typeof input === 'object' && input !== null && 'name' in input ? input.name : undefined
  return typeof name === 'string' && name !== '' ? `the scenario '${name}'` : 'the scenario'
}
