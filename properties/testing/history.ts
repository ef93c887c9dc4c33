import type { Fault } from '../../harness/core/fault.ts'
import type {
  History,
  HistoryEvent,
  Observation,
  RecordPosition,
  RequestPhase,
  TopicPartition,
} from '../../harness/core/history.ts'
import { parsePartitionName, parseRecordName } from '../../harness/core/names.ts'

/**
 * A history from terse lines, for tests. One line an event, or a few; `// …` is a comment.
 *
 *     topic orders partitions=2 start=100       append orders/0@0..4 key=k value=v by=consumer-0 tx=9
 *     consumer-0 start                          consumer-0 subscribes orders
 *     consumer-0 owns orders/0 gen=1            (assigned and believes)
 *     consumer-0 told orders/0@8                consumer-0 told orders/0 none
 *     consumer-0 gets orders/0@7                consumer-0 ends orders/0@7       consumer-0 fails orders/0@7
 *     consumer-0 effect orders/0@7 label=mail   consumer-0 processes orders/0@0..4  (gets, effect, ends of each)
 *     consumer-0 batch orders/0@0..4            consumer-0 resolves orders/0@1   consumer-0 batch-ends orders/0@0..4
 *     consumer-0 commits orders/0@8 gen=1 owner=consumer-1
 *     fault pause consumer-0 durationMs=5000    heals 0                          wait 10s
 *     drain                                     deadline                         end
 *
 * The group is `g` unless `group=` says otherwise; incarnations count by themselves unless `inc=` does.
 */
export function historyOf(text: string): History {
  const writer = new Writer()
  for (const raw of text.split('\n')) {
    const line = raw.replace(/\/\/.*$/, '').trim()
    if (line !== '') writer.write(line)
  }
  return { events: writer.events }
}

interface Line {
  readonly words: readonly string[]
  readonly options: Readonly<Record<string, string>>
}

class Writer {
  readonly events: HistoryEvent[] = []
  #timeUs = 0
  #faults = 0
  readonly #incarnations: Map<string, number> = new Map()

  write(text: string): void {
    const parts = text.match(/\S+='[^']*'|\S+/g) ?? []
    const isOption = (part: string): boolean => /^[a-zA-Z]+=/.test(part)
    const pairs = parts.filter(isOption).map((part) => {
      const at = part.indexOf('=')
      return [part.slice(0, at), part.slice(at + 1).replace(/^'|'$/g, '')]
    })
    const words = parts.filter((part) => !isOption(part))
    const line: Line = { words, options: Object.fromEntries(pairs) }
    const [first = ''] = words
    if (/^consumer-\d+$/.test(first)) this.#byProcess(line, first)
    else this.#byWorld(line, first)
  }

  #add(...observations: readonly Observation[]): void {
    for (const observation of observations) {
      this.#timeUs += 1_000
      this.events.push({ ...observation, seq: this.events.length, timeUs: this.#timeUs })
    }
  }

  #byWorld({ words, options }: Line, verb: string): void {
    const [, second = '', third = ''] = words
    const { group = 'g' } = options
    switch (verb) {
      case 'topic':
        return this.#add({
          kind: 'topic-created',
          topic: second,
          partitions: Number(options['partitions'] ?? 1),
          startOffset: BigInt(options['start'] ?? 0),
        })
      case 'append':
        return this.#add(...records(second).map((at) => appendOf(at, options)))
      case 'marker':
        return this.#add({
          kind: 'marker',
          producerId: BigInt(options['tx'] ?? 0),
          producerEpoch: 0,
          outcome: third === 'abort' ? 'abort' : 'commit',
          ...(options['groups'] === undefined ? {} : { groups: options['groups'].split(',') }),
          ...record(second),
        })
      case 'compacted': {
        const { offset, ...at } = record(second)
        return this.#add({ kind: verb, offsets: [offset], ...at })
      }
      case 'log-start':
        return this.#add({ kind: verb, reason: 'test', ...record(second) })
      case 'truncated': {
        const { uncommitted } = options
        const more = uncommitted === undefined ? {} : { uncommittedFrom: BigInt(uncommitted) }
        return this.#add({ kind: verb, reason: 'test', ...record(second), ...more })
      }
      case 'partitions-added':
        return this.#add({ kind: verb, topic: second, partitions: 2 })
      case 'delete':
        return this.#add({ kind: 'topic-deleted', topic: second })
      case 'generation':
        return this.#add({
          kind: 'generation',
          group,
          generation: Number(second),
          members: [],
          ...(options['protocol'] === 'consumer' ? { protocol: 'consumer' } : {}),
        })
      case 'rebalance':
        return this.#add({ kind: 'rebalance', group, reason: 'test' })
      case 'fault':
        return this.#add({
          kind: 'fault',
          index: this.#faults++,
          phase: 'begins',
          fault: faultOf(second, third, options),
        })
      case 'heals': {
        const begun = this.events.find((event) => event.kind === 'fault' && event.index === Number(second))
        if (begun?.kind === 'fault') {
          this.#add({ kind: 'fault', index: begun.index, phase: 'ends', fault: begun.fault })
        }
        return
      }
      case 'transaction':
        return this.#add({
          kind: 'transaction',
          process: options['by'] ?? null,
          transactionalId: options['id'] ?? 'tid',
          producerId: BigInt(options['tx'] ?? 0),
          producerEpoch: 0,
          phase: second === 'aborted' ? 'aborted' : second === 'committed' ? 'committed' : 'began',
        })
      case 'offset-removed':
        return this.#add({ kind: 'offset-removed', group, reason: 'expired', ...partition(second) })
      case 'drain':
      case 'end':
        return this.#add({ kind: 'phase', phase: verb })
      case 'deadline':
        return this.#add({ kind: 'drain-deadline', deadlineMs: 600_000 })
      case 'hot-loop':
        return this.#add({ kind: 'hot-loop', process: second === '' ? null : second, events: 10_000 })
      case 'wait':
        this.#timeUs += Number(second.replace('s', '')) * 1_000_000
        return
      default:
        throw new Error(`a history line begins with '${verb}'`)
    }
  }

  #byProcess({ words, options }: Line, process: string): void {
    const [, verb = '', ...rest] = words
    const { group = 'g', error = 'Error: failed' } = options
    if (verb === 'start') this.#incarnations.set(process, (this.#incarnations.get(process) ?? 0) + 1)
    const by = { process, incarnation: Number(options['inc'] ?? this.#incarnations.get(process) ?? 1) }
    const member = { ...by, group, memberId: `${process}-member`, generation: Number(options['gen'] ?? 1) }
    const [target = '', extra] = rest
    const each = (make: (at: RecordPosition) => readonly Observation[]): void =>
      this.#add(...records(target).flatMap(make))
    switch (verb) {
      case 'start':
        return this.#add({ kind: 'process-started', ...by })
      case 'crash':
        return this.#add({ kind: 'process-crashed', reason: 'SIGKILL', ...by })
      case 'terminate':
        return this.#add({ kind: 'process-terminating', ...by })
      case 'exit':
        return this.#add({ kind: 'process-exited', code: 0, asked: target === 'asked', ...by })
      case 'hang':
        return this.#add({ kind: 'shutdown-timeout', graceMs: 30_000, ...by })
      case 'pause':
        return this.#add({ kind: 'process-paused', ...by })
      case 'resume':
        return this.#add({ kind: 'process-resumed', ...by })
      case 'subscribes':
        return this.#add({ kind: 'consumer-started', group, topics: rest, ...by })
      case 'consumer-crash':
        return this.#add({ kind: 'consumer-crashed', group, error, restarts: target === 'restarts', ...by })
      case 'consumer-stop':
        return this.#add({ kind: 'consumer-stopped', group, ...by })
      case 'joins':
        return this.#add({ kind: 'member-joined', group, memberId: member.memberId, rejoin: false, ...by })
      case 'expelled':
        return this.#add({
          kind: 'member-removed',
          group,
          memberId: member.memberId,
          reason: 'session-expired',
          ...by,
        })
      case 'owns':
        return this.#add(
          { kind: 'assigned', ...member, partitions: rest.map(partition) },
          { kind: 'believes', ...member, partitions: rest.map(partition) },
        )
      case 'assigned':
      case 'believes':
        return this.#add({ kind: verb, ...member, partitions: rest.map(partition) })
      case 'revoked':
        return this.#add({ kind: 'revoked', group, ...by })
      case 'gets':
        return each((at) => [{ kind: 'handler-start', group, ...by, ...at }])
      case 'ends':
        return each((at) => [{ kind: 'handler-end', group, ...by, ...at }])
      case 'fails':
        return each((at) => [{ kind: 'handler-failure', group, error, ...by, ...at }])
      case 'processes':
        return each((at) => [
          { kind: 'handler-start', group, ...by, ...at },
          { kind: 'effect', label: options['label'] ?? 'effect', via: 'record', ...by, ...at },
          { kind: 'handler-end', group, ...by, ...at },
        ])
      case 'effect':
        return each((at) => [
          { kind: 'effect', label: options['label'] ?? 'effect', via: 'record', ...by, ...at },
        ])
      case 'effect-fails':
        return each((at) => [{ kind: 'effect-failure', label: 'effect', error, ...by, ...at }])
      case 'skips':
        return each((at) => [{ kind: 'skip', reason: 'given up', ...by, ...at }])
      case 'resolves':
        return each((at) => [{ kind: 'resolved', group, ...by, ...at }])
      case 'batch':
        return this.#add({
          kind: 'batch-start',
          group,
          ...by,
          ...range(target),
          offsets: records(target).map(({ offset }) => offset),
        })
      case 'batch-ends':
      case 'batch-fails':
        return this.#add({
          kind: 'batch-end',
          group,
          error: verb === 'batch-fails' ? error : null,
          ...by,
          ...range(target),
        })
      case 'fetched': {
        const { firstOffset, ...more } = range(target)
        const at = {
          fetchOffset: firstOffset,
          highWatermark: more.lastOffset,
          lastStableOffset: more.lastOffset,
        }
        return this.#add({ kind: 'fetched', broker: 'broker-0', firstOffset, ...at, ...more, ...by })
      }
      case 'seeks':
        return this.#add({ kind: 'seek', group, ...by, ...record(target) })
      case 'told':
        return this.#add({
          kind: 'offset-fetched',
          group,
          ...by,
          ...(extra === 'none' ? { ...partition(target), offset: -1n } : record(target)),
        })
      case 'commits':
        return this.#add(commitOf(record(target), { ...member, options }))
      case 'request':
        return this.#add({
          kind: 'request',
          phase: (options['phase'] ?? 'lost') as RequestPhase,
          api: target,
          ordinal: Number(options['ordinal'] ?? 1),
          broker: 'broker-0',
          error: options['error'] ?? null,
          ...by,
        })
      default:
        throw new Error(`a process does '${verb}'`)
    }
  }
}

function appendOf(at: RecordPosition, options: Line['options']): Observation {
  const tx = options['tx']
  return {
    kind: 'append',
    process: options['by'] ?? null,
    key: options['key'] ?? null,
    value: options['value'] ?? `${at.topic}/${at.partition}@${at.offset}`,
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
  readonly options: Line['options']
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

function faultOf(kind: string, target: string, options: Line['options']): Fault {
  const durationMs = options['durationMs']
  const more = durationMs === undefined ? {} : { durationMs: Number(durationMs) }
  return { kind, target, at: { atMs: 0 }, ...more } as unknown as Fault
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
