import { ASSERTIONS } from '../../harness/core/assertion.ts'
import type { Fault } from '../../harness/core/fault.ts'
import type {
  HistoryEvent,
  Observation,
  RecordPosition,
  RequestPhase,
  TopicPartition,
} from '../../harness/core/history.ts'
import { parsePartitionName, parseRecordName, recordName } from '../../harness/core/names.ts'

/** `key=value` of a line. */
export type VerbOptions = Readonly<Record<string, string>>

/** The output of a line, and the state that the lines before it left. */
export interface VerbContext {
  /** Words after the verb. */
  readonly rest: readonly string[]
  readonly options: VerbOptions
  readonly group: string
  readonly error: string
  readonly events: readonly HistoryEvent[]
}

export interface ByProcessContext extends VerbContext {
  readonly by: { readonly process: string; readonly incarnation: number }
  readonly member: Omit<Committing, 'options'>
  /** The first word after the verb: what it is done to. */
  readonly target: string
}

export type Made = Observation | readonly Observation[]

export const WORLD_VERBS: Readonly<Record<string, (context: VerbContext) => Made>> = {
  topic: ({ rest: [topic = ''], options }) => ({
    kind: 'topic-created',
    topic,
    partitions: Number(options['partitions'] ?? 1),
    startOffset: BigInt(options['start'] ?? 0),
  }),
  append: ({ rest: [name = ''], options }) => records(name).map((at) => appendOf(at, options)),
  astray: ({ rest: [name = ''], options }) => ({
    kind: 'astray',
    process: options['by'] ?? null,
    committed: false,
    key: options['key'] ?? null,
    value: options['value'] ?? null,
    ...record(name),
  }),
  marker: ({ rest: [name = '', outcome], options }) => ({
    kind: 'marker',
    producerId: BigInt(options['tx'] ?? 0),
    producerEpoch: 0,
    outcome: outcome === 'abort' ? 'abort' : 'commit',
    ...(options['groups'] === undefined ? {} : { groups: options['groups'].split(',') }),
    ...record(name),
  }),
  compacted({ rest: [name = ''] }) {
    const { offset, ...at } = record(name)
    return { kind: 'compacted', offsets: [offset], ...at }
  },
  'log-start': ({ rest: [name = ''] }) => ({ kind: 'log-start', reason: 'test', ...record(name) }),
  truncated: ({ rest: [name = ''], options: { uncommitted } }) => ({
    kind: 'truncated',
    reason: 'test',
    ...record(name),
    ...(uncommitted === undefined ? {} : { uncommittedFrom: BigInt(uncommitted) }),
  }),
  'partitions-added': ({ rest: [topic = ''] }) => ({ kind: 'partitions-added', topic, partitions: 2 }),
  delete: ({ rest: [topic = ''] }) => ({ kind: 'topic-deleted', topic }),
  generation: ({ rest: [number], options, group }) => ({
    kind: 'generation',
    group,
    generation: Number(number),
    members: (options['members']?.split(',') ?? []).map((process) => ({ memberId: process, process })),
    ...(options['protocol'] === 'consumer' ? { protocol: 'consumer' } : {}),
  }),
  rebalance: ({ group }) => ({ kind: 'rebalance', group, reason: 'test' }),
  fault: ({ rest: [kind = '', ...target], options, events }) => ({
    kind: 'fault',
    index: events.filter((event) => event.kind === 'fault' && event.phase === 'begins').length,
    phase: 'begins',
    fault: faultOf(kind, target.join(' '), options),
  }),
  heals({ rest: [index], events }) {
    const begun = events.find((event) => event.kind === 'fault' && event.index === Number(index))
    if (begun?.kind !== 'fault') return []
    return { kind: 'fault', index: begun.index, phase: 'ends', fault: begun.fault }
  },
  transaction: ({ rest: [phase], options }) => ({
    kind: 'transaction',
    process: options['by'] ?? null,
    transactionalId: options['id'] ?? 'tid',
    producerId: BigInt(options['tx'] ?? 0),
    producerEpoch: 0,
    phase: phase === 'aborted' || phase === 'committed' ? phase : 'began',
  }),
  'offset-removed': ({ rest: [name = ''], group }) => ({
    kind: 'offset-removed',
    group,
    reason: 'expired',
    ...partition(name),
  }),
  'offset-set': ({ rest: [name = ''], group }) => ({
    kind: 'offset-set',
    group,
    by: 'operator',
    ...record(name),
  }),
  drain: () => ({ kind: 'phase', phase: 'drain' }),
  end: () => ({ kind: 'phase', phase: 'end' }),
  deadline: () => ({ kind: 'drain-deadline', deadlineMs: 600_000 }),
  invariant: ({ rest: [outcome], options }) => ({
    kind: 'invariant',
    name: options['name'] ?? 'it adds up',
    outcome: outcome === 'held' || outcome === 'unknown' ? outcome : 'broken',
    text: options['text'] ?? null,
  }),
  'hot-loop': ({ rest: [process = null] }) => ({ kind: 'hot-loop', process, events: 10_000 }),
}

export const PROCESS_VERBS: Readonly<Record<string, (context: ByProcessContext) => Made>> = {
  start: ({ by }) => ({ kind: 'process-started', ...by }),
  crash: ({ by, options }) => ({ kind: 'process-crashed', reason: options['error'] ?? 'SIGKILL', ...by }),
  terminate: ({ by }) => ({ kind: 'process-terminating', ...by }),
  exit: ({ by, target, options }) => ({
    kind: 'process-exited',
    code: Number(options['code'] ?? 0),
    asked: target === 'asked',
    ...by,
  }),
  hang: ({ by }) => ({ kind: 'shutdown-timeout', graceMs: 30_000, ...by }),
  pause: ({ by }) => ({ kind: 'process-paused', ...by }),
  resume: ({ by }) => ({ kind: 'process-resumed', ...by }),
  /** `consumer-0 calls db INSERT#1`, with `phase=lost` or `error=40001` where it went wrong. */
  calls({ by, rest: [service = '', name = ''], options }) {
    const [operation = '', ordinal] = name.split('#')
    const phase = options['phase'] === 'lost' ? 'lost' : 'applied'
    return {
      kind: 'call',
      phase,
      service,
      operation,
      ordinal: Number(ordinal),
      error: options['error'] ?? null,
      ...by,
    }
  },
  subscribes: ({ by, group, rest }) => ({ kind: 'consumer-started', group, topics: rest, ...by }),
  'consumer-crash': ({ by, group, error, target }) => ({
    kind: 'consumer-crashed',
    group,
    error,
    restarts: target === 'restarts',
    ...by,
  }),
  'consumer-stopping': ({ by, group, target }) => ({
    kind: 'consumer-stopping',
    group,
    call: target,
    ...by,
  }),
  pauses: ({ by, group, rest }) => ({
    kind: 'consumer-paused',
    group,
    partitions: rest.map(partition),
    ...by,
  }),
  resumes: ({ by, group, rest }) => ({
    kind: 'consumer-resumed',
    group,
    partitions: rest.map(partition),
    ...by,
  }),
  'consumer-stop': ({ by, group }) => ({ kind: 'consumer-stopped', group, ...by }),
  joins: ({ by, group, member: { memberId } }) => ({
    kind: 'member-joined',
    group,
    memberId,
    rejoin: false,
    ...by,
  }),
  expelled: ({ by, group, member: { memberId } }) => ({
    kind: 'member-removed',
    group,
    memberId,
    reason: 'session-expired',
    ...by,
  }),
  owns: ({ member, rest }) => [
    { kind: 'assigned', ...member, partitions: rest.map(partition) },
    { kind: 'believes', ...member, partitions: rest.map(partition) },
  ],
  assigned: ({ member, rest }) => ({ kind: 'assigned', ...member, partitions: rest.map(partition) }),
  believes: ({ member, rest }) => ({ kind: 'believes', ...member, partitions: rest.map(partition) }),
  revoked: ({ by, group }) => ({ kind: 'revoked', group, ...by }),
  gets: ({ by, group, target }) =>
    records(target).map((at) => ({ kind: 'handler-start', group, ...by, ...at })),
  ends: ({ by, group, target }) =>
    records(target).map((at) => ({ kind: 'handler-end', group, ...by, ...at })),
  fails: ({ by, group, error, target }) =>
    records(target).map((at) => ({ kind: 'handler-failure', group, error, ...by, ...at })),
  processes: (context) =>
    records(context.target).flatMap((at) => {
      const { by, group } = context
      return [
        { kind: 'handler-start', group, ...by, ...at },
        effectOf(context, at),
        { kind: 'handler-end', group, ...by, ...at },
      ] as const
    }),
  effect: (context) => records(context.target).map((at) => effectOf(context, at)),
  'effect-fails': ({ by, error, target }) =>
    records(target).map((at) => ({ kind: 'effect-failure', label: 'effect', error, ...by, ...at })),
  skips: ({ by, target }) =>
    records(target).map((at) => ({ kind: 'skip', reason: 'given up', ...by, ...at })),
  resolves: ({ by, group, target }) =>
    records(target).map((at) => ({ kind: 'resolved', group, ...by, ...at })),
  batch: ({ by, group, target }) => ({
    kind: 'batch-start',
    group,
    ...by,
    ...range(target),
    offsets: records(target).map(({ offset }) => offset),
  }),
  'batch-ends': ({ by, group, target }) => ({
    kind: 'batch-end',
    group,
    error: null,
    ...by,
    ...range(target),
  }),
  'batch-fails': ({ by, group, error, target }) => ({
    kind: 'batch-end',
    group,
    error,
    ...by,
    ...range(target),
  }),
  fetched({ by, target }) {
    const { firstOffset, ...more } = range(target)
    const { lastOffset } = more
    const at = { fetchOffset: firstOffset, highWatermark: lastOffset, lastStableOffset: lastOffset }
    return { kind: 'fetched', broker: 'broker-0', firstOffset, ...at, ...more, ...by }
  },
  seeks: ({ by, group, target }) => ({ kind: 'seek', group, ...by, ...record(target) }),
  told: ({ by, group, target, rest: [, extra] }) => ({
    kind: 'offset-fetched',
    group,
    ...by,
    ...(extra === 'none' ? { ...partition(target), offset: -1n } : record(target)),
  }),
  commits: ({ member, options, target }) => commitOf(record(target), { ...member, options }),
  asserts: ({ by, target, rest: [, outcome], options }) => ({
    kind: 'assertion',
    assertion: ASSERTIONS.find((each) => each === target) ?? 'always',
    message: options['message'] ?? 'it is so',
    condition: outcome === 'true',
    ...by,
  }),
  request: ({ by, options, target }) => ({
    kind: 'request',
    phase: (options['phase'] ?? 'lost') as RequestPhase,
    api: target,
    ordinal: Number(options['ordinal'] ?? 1),
    broker: 'broker-0',
    error: options['error'] ?? null,
    ...by,
  }),
}

function effectOf({ by, options }: ByProcessContext, at: RecordPosition): Observation {
  return {
    kind: 'effect',
    label: options['label'] ?? 'effect',
    via: options['via'] === 'service' ? 'service' : 'record',
    // Spaces part the words of a line.
    ...(options['call'] === undefined ? {} : { call: options['call'].replaceAll('+', ' ') }),
    ...by,
    ...at,
  }
}

function appendOf(at: RecordPosition, options: VerbOptions): Observation {
  const tx = options['tx']
  return {
    kind: 'append',
    process: options['by'] ?? null,
    key: options['key'] ?? null,
    value: options['value'] ?? recordName(at),
    ...(options['again'] === undefined ? {} : { again: true }),
    producer: tx === undefined ? null : { id: BigInt(tx), epoch: 0, transactional: true },
    ...at,
  }
}

interface Committing {
  readonly process: string
  readonly incarnation: number
  readonly group: string
  readonly memberId: string
  readonly generation: number
  readonly options: VerbOptions
}

function commitOf(at: RecordPosition, { options, ...by }: Committing): Observation {
  const phase = options['phase'] === 'rejected' ? 'rejected' : 'applied'
  return {
    kind: 'commit',
    phase,
    error: phase === 'rejected' ? 'ILLEGAL_GENERATION' : null,
    transactional: options['tx'] !== undefined,
    ...(/^\d+$/.test(options['tx'] ?? '') ? { producerId: BigInt(options['tx'] ?? 0) } : {}),
    ordinal: Number(options['ordinal'] ?? 1),
    owner: options['owner'] ?? by.process,
    ...by,
    ...at,
  }
}

function faultOf(kind: string, target: string, options: VerbOptions): Fault {
  const { durationMs, times } = options
  const more = {
    ...(durationMs === undefined ? {} : { durationMs: Number(durationMs) }),
    ...(times === undefined ? {} : { times: /^\d+$/.test(times) ? Number(times) : times }),
  }
  return { kind, target: target.replaceAll('+', ' '), at: { atMs: 0 }, ...more } as unknown as Fault
}

function record(name: string): RecordPosition {
  const negative = /^(.+)@-(\d+)$/.exec(name)
  if (negative !== null) return { ...partition(negative[1] ?? ''), offset: -BigInt(negative[2] ?? '') }
  const parsed = parseRecordName(name)
  if (parsed === null) throw new Error(`'${name}' is no record`)
  return parsed
}

function partition(name: string): TopicPartition {
  const parsed = parsePartitionName(name)
  if (parsed === null) throw new Error(`'${name}' is no partition`)
  return parsed
}

/** `orders/0@3..5`, ends included. */
function range(name: string): TopicPartition & { firstOffset: bigint; lastOffset: bigint } {
  const [first = '', last] = name.split('..')
  const { offset, ...at } = record(first)
  return { ...at, firstOffset: offset, lastOffset: last === undefined ? offset : BigInt(last) }
}

function records(name: string): RecordPosition[] {
  const { firstOffset, lastOffset, ...at } = range(name)
  const all: RecordPosition[] = []
  for (let offset = firstOffset; offset <= lastOffset; offset += 1n) all.push({ ...at, offset })
  return all
}
