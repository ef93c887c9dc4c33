import type { EventOf, RecordPosition } from '../harness/core/history.ts'
import { groupBeside, recordName } from '../harness/core/names.ts'
import type { Setting } from '../harness/core/property.ts'
import type { Finding } from '../harness/core/verdict.ts'
import { property } from './checker.ts'
import { labelTold } from './effect-label.ts'
import { seen } from './finding.ts'
import { Newcomers } from './newcomers.ts'
import { StandingDuplicates } from './standing-duplicates.ts'
import type { Faults } from './views/faults.ts'
import type { PartitionRecords } from './views/log.ts'
import type { Messages } from './views/messages.ts'
import { GroupMap } from './views/partition-map.ts'

/** One effect of a record becoming real. */
interface CountedEffect {
  readonly label: string
  readonly seq: number
  readonly process: string
  readonly incarnation: number | null
  /** The record in which the message came. */
  readonly record: RecordPosition
}

/** One that counts for a group, and the others that it may belong to. */
interface PlacedEffect {
  readonly effect: CountedEffect
  readonly groups: readonly string[]
}

interface RecordEffects {
  firstDelivery: number | null
  lastDelivery: number | null
  /** By what tells effects of one record apart: see `slotOf`. */
  readonly bySlot: Map<string, PlacedEffect>
  reported: boolean
}

interface RepeatedEffect {
  /** The effects that it may repeat: one of each group that it may be of. */
  readonly firsts: readonly [CountedEffect, ...CountedEffect[]]
  readonly firstDelivery: number | null
}

/** The effects of each record, for each group. */
class EffectBook {
  readonly #records: GroupMap<Map<bigint, RecordEffects>> = new GroupMap()

  /** A group that moved to another cluster is the one that it was before. */
  of(group: string, record: RecordPosition): RecordEffects {
    const partition = this.#records.getOrMake(groupBeside(group, record.topic), record, () => new Map())
    let effects = partition.get(record.offset)
    if (effects === undefined) {
      effects = { firstDelivery: null, lastDelivery: null, bySlot: new Map(), reported: false }
      partition.set(record.offset, effects)
    }
    return effects
  }

  deliver(group: string, record: RecordPosition, seq: number): null {
    const effects = this.of(group, record)
    effects.firstDelivery ??= seq
    effects.lastDelivery = seq
    return null
  }

  /** Counts an effect. @returns what it repeats, where it is a second one and nobody has said so */
  count(
    record: RecordPosition,
    effect: CountedEffect,
    { groups, slot }: { readonly groups: readonly string[]; readonly slot: string },
  ): RepeatedEffect | null {
    const asked = new Set<string>()
    const group = groups.find((each) => this.#free(each, record, slot, asked))
    const effects = this.of(group ?? groups[0] ?? '', record)
    const first = effects.bySlot.get(slot)?.effect
    if (first === undefined) effects.bySlot.set(slot, { effect, groups })
    if (first === undefined || effects.reported || inOneCall(first, effect, effects)) return null
    effects.reported = true
    // Any of these groups may be the one that has two.
    const all = [...asked].map((each) => this.of(each, record))
    const others = all.flatMap(({ bySlot }) => bySlot.get(slot)?.effect ?? [])
    const deliveries = all.map(({ firstDelivery }) => firstDelivery ?? first.seq)
    return {
      firsts: [first, ...others],
      firstDelivery: effects.firstDelivery === null ? null : Math.min(...deliveries),
    }
  }

  /**
   * The cluster lost the records at and above this one: what gets their offsets is something else.
   */
  cut({ topic, partition, offset }: RecordPosition): null {
    for (const [, at, records] of this.#records.entries()) {
      if (at.topic !== topic || at.partition !== partition) continue
      for (const each of records.keys()) if (each >= offset) records.delete(each)
    }
    return null
  }

  /** A record stands where another was cut off: what was done here before was for that one. */
  append({ topic, partition, offset, again }: EventOf<'append'>, log: PartitionRecords | undefined): void {
    const refilled = log !== undefined && log.index(offset) >= log.lowestCut
    if (!refilled || again === true) return
    for (const [, at, records] of this.#records.entries())
      if (at.topic === topic && at.partition === partition) records.delete(offset)
  }

  /**
   * Whether the group has a place for an effect of this record, if need be after one that may as
   * well be another group's has moved there: while two handlers of a record run in one process, an
   * effect may be either's.
   */
  #free(group: string, record: RecordPosition, slot: string, asked: Set<string>): boolean {
    const { bySlot } = this.of(group, record)
    const placed = bySlot.get(slot)
    if (placed === undefined) return true
    asked.add(group)
    const other = placed.groups.find((each) => !asked.has(each) && this.#free(each, record, slot, asked))
    if (other === undefined) return false
    this.of(other, record).bySlot.set(slot, placed)
    return bySlot.delete(slot)
  }
}

/** A finding about an output, told at the event that makes the output visible. */
class LateFinding {
  #found: Finding | null = null

  note(finding: Finding | null): void {
    this.#found = finding ?? this.#found
  }

  take(): Finding | null {
    const found = this.#found
    this.#found = null
    return found
  }
}

/**
 * The wish: nothing happens twice.
 *
 * Why the simple rule is wrong: "a record is delivered once" is not what anyone promises.
 * Delivering again is harmless where the second effect is suppressed, and at least once promises to
 * deliver again. And an attempt that died half way is no effect: it may have happened or not, and
 * neither is assumed.
 *
 * The rule: for each group, no record gets a second effect; under exactly once, no message does:
 * records of a topic that have one `identity` are one. Where the guarantee names `labels`, or the
 * app had several effects of one record when nothing went wrong, each label is an effect of its
 * own; else labels are words, and two that differ, by a time or a random number, say, are the same
 * effect twice. Under at least once a second effect is allowed if a fault can explain it: one that
 * began, or still acted, or whose disturbance (rebalance, restart, failed handler, lost request)
 * came after the record was first delivered. Between two processes any earlier fault explains it:
 * one of them may have been cut off long before, and go on with what it was given then. In a run in
 * which no fault has begun, only a process that came to the group for the first time, after the
 * first delivery, explains it. A consumer's own crash, slow handler or rebalance is no fault.
 *
 * Effects that stand in a service (`effects: { from, query }`) are judged when all has come to
 * rest: a second row that was taken away again is none.
 *
 * Blind spots: labels that differ at each attempt, in an app with several effects of a record;
 * without `identity`, a producer that wrote the same order twice as two records; two groups in one
 * process whose handlers of the same record overlap (an effect counts for the one that needs it).
 *
 * Source: Jepsen's Kafka workload (`duplicate`), with effects instead of polled records; the
 * explanation is ours.
 */
export const duplicateEffect = property({
  name: 'duplicate-effect',
  when: 'online',
  open({ setting, log, groups, handlers, messages, faults, outputs, ending }) {
    const book = new EffectBook()
    const standing = new StandingDuplicates()
    const newcomers = new Newcomers()
    const late = new LateFinding()
    const messageOf = messageIn(setting, messages)

    const explains = explaining(faults, newcomers)
    const add = (effect: CountedEffect): Finding | null => {
      const { record, label } = effect
      const where = {
        groups: handlers.groupsOf(effect.process, record, groups),
        slot: slotOf(label, setting),
      }
      const again = book.count(messageOf(record), effect, where)
      if (again === null) return null
      const { firsts, firstDelivery } = again
      const excused = firsts.find((each) => explains(each, effect, { firstDelivery, groups: where.groups }))
      const explained = excused !== undefined
      return twiceDone(excused ?? firsts[0], effect, { firstDelivery, explained })
    }

    const groupOf = (event: EventOf<'effect' | 'effect-undone'>): string =>
      handlers.groupsOf(event.process, event, groups)[0] ?? ''
    const stands = (event: EventOf<'effect'>): null => {
      const group = groupOf(event)
      const { firstDelivery } = book.of(group, event)
      const explained = (first: EventOf<'effect'>): boolean =>
        explains(first, event, { firstDelivery, groups: [group] })
      standing.add(group, event, { firstDelivery, explained })
      return null
    }

    outputs.listen(({ append, input, visibleSeq }) => {
      const { topic: label, process } = append
      if (process === null) return
      late.note(add({ label, seq: visibleSeq, process, incarnation: null, record: input }))
    })

    return {
      on: {
        generation: (event) => newcomers.count(event),
        believes: (event) => newcomers.own(event),
        'handler-start': (event) => book.deliver(event.group, messageOf(event), event.seq),
        'batch-start'({ group, topic, partition, offsets, seq }) {
          for (const offset of offsets) book.deliver(group, messageOf({ topic, partition, offset }), seq)
          return null
        },
        effect(event) {
          const counts = setting.guarantee.options.outputs === undefined
          if (event.via === 'service') return counts ? stands(event) : null
          return counts && !handlers.isOfOther(event) ? add({ ...event, record: event }) : null
        },
        'effect-undone': (event) => standing.remove(groupOf(event), event),
        truncated: (event) => book.cut(event),
        append(event) {
          book.append(event, log.at(event))
          return late.take()
        },
        marker: () => late.take(),
      },
      // Rows may yet be taken away where the run was cut short.
      finish: () => (ending.reached ? standing.findings() : []),
    }
  },
})

function twiceDone(
  first: CountedEffect,
  second: CountedEffect,
  { firstDelivery, explained }: { readonly firstDelivery: number | null; readonly explained: boolean },
): Finding {
  return seen('duplicate-effect', sentence(first, second), {
    events: [firstDelivery ?? undefined, first.seq, second.seq],
    about: {
      records: [...new Set([recordName(second.record), recordName(first.record)])],
      processes: [first.process, second.process],
    },
    explained,
  })
}

/** Exactly once is promised of messages: one that was sent twice is two records. */
function messageIn({ guarantee }: Setting, messages: Messages): (record: RecordPosition) => RecordPosition {
  return guarantee.model === 'exactly-once' ? (record) => messages.first(record) : (record) => record
}

/**
 * One call of a handler had both, and calls them differently: two effects, whatever a calm run
 * showed.
 */
function inOneCall(first: CountedEffect, second: CountedEffect, { lastDelivery }: RecordEffects): boolean {
  if (first.label === second.label || first.process !== second.process) return false
  return first.incarnation === second.incarnation && first.seq > (lastDelivery ?? -1)
}

/** The key that tells effects of one record apart. Outputs are told apart by their topics. */
function slotOf(label: string, { guarantee, effectsOfRecord }: Setting): string {
  const { labels, outputs } = guarantee.options
  if (outputs !== undefined) return label
  if (labels !== undefined) return labels.includes(label) ? label : ''
  return effectsOfRecord === 'one' ? '' : label
}

type EffectBy = Pick<CountedEffect, 'process' | 'seq'>

interface DeliveredTo {
  readonly firstDelivery: number | null
  readonly groups: readonly string[]
}

/** Tells whether at least once allows a second effect. */
function explaining(
  faults: Faults,
  newcomers: Newcomers,
): (first: EffectBy, second: EffectBy, to: DeliveredTo) => boolean {
  return (first, second, { firstDelivery, groups }) => {
    const since = firstDelivery ?? first.seq
    if (faults.explain(since) || newcomers.cameAfter(since, groups)) return true
    return faults.begun > 0 && first.process !== second.process
  }
}

function sentence(first: CountedEffect, second: CountedEffect): string {
  const [name, before] = [recordName(second.record), recordName(first.record)]
  const labels =
    first.label === second.label
      ? ''
      : ` (as '${labelTold(first)}' and as '${labelTold(second)}'; labels that are effects of their own are named: labels: ['charged', 'mailed'])`
  if (name !== before) {
    const by =
      first.process === second.process
        ? ` by ${first.process}`
        : `: by ${second.process} and by ${first.process}`
    return `${name} is the same message as ${before}, and both were processed${by}${labels}`
  }
  if (first.process !== second.process) {
    return `${name} was processed twice: by ${first.process} and again by ${second.process}${labels}`
  }
  const restarted = first.incarnation !== null && first.incarnation !== second.incarnation
  return `${name} was processed twice by ${first.process}${restarted ? ', before and after its restart' : ''}${labels}`
}
