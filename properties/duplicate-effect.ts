import { recordName } from '../harness/core/event-name.ts'
import type { EventOf, RecordPosition } from '../harness/core/history.ts'
import type { Finding } from '../harness/core/verdict.ts'
import { property } from './checker.ts'
import { seen } from './finding.ts'
import type { Output } from './views/outputs.ts'
import { GroupMap } from './views/partition-map.ts'

/** One effect of a record becoming real. */
interface Effect {
  readonly seq: number
  readonly process: string
  readonly incarnation: number | null
}

interface RecordEffects {
  firstDelivery: number | null
  readonly byLabel: Map<string, Effect>
  reported: boolean
}

/**
 * The wish: nothing happens twice.
 *
 * Why the simple rule is wrong: "a record is delivered once" is not what anyone promises. Delivering again is harmless
 * where the second effect is suppressed, and at least once promises to deliver again. And an attempt that died half
 * way is no effect: it may have happened or not, and neither is assumed.
 *
 * The rule: for each group, no record gets a second effect with the same label. Under at least once a second effect is
 * allowed if a fault can explain it: one that began, or still acted, or whose disturbance (rebalance, restart, failed
 * handler, lost request) came after the record was first delivered. In a run in which no fault has begun, nothing
 * explains it. A consumer's own crash, slow handler or rebalance is no fault.
 *
 * Blind spots: a label that differs at each attempt; a producer that wrote the same order twice as two records; two
 * groups in one process whose handlers of the same record overlap (the effect goes to the group that has fewer).
 *
 * Source: Jepsen's Kafka workload (`duplicate`), with effects instead of polled records; the explanation is ours.
 */
export const duplicateEffect = property({
  name: 'duplicate-effect',
  when: 'online',
  open({ setting, groups, handlers, faults, outputs }) {
    const records = new GroupMap<Map<bigint, RecordEffects>>()
    let found: Finding | null = null
    outputs.listen((output) => {
      found = addOutput(output) ?? found
    })

    const effectsOf = (group: string, record: RecordPosition): RecordEffects => {
      const partition = records.getOrMake(group, record, () => new Map())
      let effects = partition.get(record.offset)
      if (effects === undefined) {
        effects = { firstDelivery: null, byLabel: new Map(), reported: false }
        partition.set(record.offset, effects)
      }
      return effects
    }

    const deliver = (group: string, record: RecordPosition, seq: number): null => {
      effectsOf(group, record).firstDelivery ??= seq
      return null
    }

    const add = (record: RecordPosition, label: string, effect: Effect): Finding | null => {
      const candidates = handlers
        .groupsOf(effect.process, record, groups)
        .map((group) => effectsOf(group, record))
      const effects = candidates.find(({ byLabel }) => !byLabel.has(label)) ?? candidates[0]
      return addTo(effects ?? effectsOf('', record), { record, label, effect })
    }

    const addTo = (
      effects: RecordEffects,
      { record, label, effect }: { record: RecordPosition; label: string; effect: Effect },
    ): Finding | null => {
      const first = effects.byLabel.get(label)
      if (first === undefined) {
        effects.byLabel.set(label, effect)
        return null
      }
      if (effects.reported) return null
      const explained = faults.explain(effects.firstDelivery ?? first.seq)
      effects.reported = true
      return seen('duplicate-effect', sentence(record, first, effect), {
        events: [effects.firstDelivery ?? undefined, first.seq, effect.seq],
        explained,
      })
    }

    const addOutput = ({ append, input, visibleSeq }: Output): Finding | null =>
      append.process === null
        ? null
        : add(input, append.topic, { seq: visibleSeq, process: append.process, incarnation: null })

    const takeFound = (): Finding | null => {
      const taken = found
      found = null
      return taken
    }

    const onEffect = (event: EventOf<'effect'>): Finding | null => {
      if (setting.guarantee.options.outputs !== undefined) return null
      return add(event, event.label, event)
    }

    return {
      on: {
        'handler-start': (event) => deliver(event.group, event, event.seq),
        'batch-start': ({ group, topic, partition, offsets, seq }) => {
          for (const offset of offsets) deliver(group, { topic, partition, offset }, seq)
          return null
        },
        effect: onEffect,
        append: takeFound,
        marker: takeFound,
      },
    }
  },
})

function sentence(record: RecordPosition, first: Effect, second: Effect): string {
  const name = recordName(record)
  if (first.process !== second.process) {
    return `${name} was processed twice: by ${first.process} and again by ${second.process}`
  }
  const restarted = first.incarnation !== null && first.incarnation !== second.incarnation
  return `${name} was processed twice by ${first.process}${restarted ? ', before and after its restart' : ''}`
}
