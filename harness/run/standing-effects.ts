import { UsageError } from '../core/errors.ts'
import type { EventOf, HistoryEvent, Observation, RecordPosition } from '../core/history.ts'
import { callName, recordName, recordNameOfRow } from '../core/names.ts'
import type { EffectsOfService, IdentityOf } from '../core/scenario.ts'
import type { ServiceRow } from '../core/service.ts'
import type { NamedCall } from './named-calls.ts'

export interface StandingEffectsOptions {
  readonly effects: EffectsOfService
  readonly identity: IdentityOf | undefined
  /** Asks the service what stands there; null: it can't be asked now. */
  ask(query: string): readonly ServiceRow[] | null
  observe(observation: Observation): void
}

/**
 * Effects as rows that stand in a service. After each call that can have changed something the
 * scenario's query is asked again, and what it gives more or less than before is told: the effect
 * of the records that have this identity, brought about by that call.
 */
export class StandingEffects {
  readonly #options: StandingEffectsOptions
  /** How often each identity stands there. */
  #standing: ReadonlyMap<string, number> = new Map()
  /** Records by identity, in the order of their appends. */
  readonly #records: Map<string, RecordPosition[]> = new Map()
  /** Calls by which identities came to stand there. */
  readonly #makers: Map<string, NamedCall> = new Map()

  constructor(options: StandingEffectsOptions) {
    this.#options = options
  }

  /** Before the run: what stands there now is nobody's effect. */
  begin(): void {
    this.#standing = this.#read() ?? new Map()
  }

  observe(event: HistoryEvent): void {
    if (event.kind !== 'append') return
    const identity = this.#identityOf(event)
    if (identity === null) return
    const known = this.#records.get(identity) ?? []
    this.#records.set(identity, [...known, event])
    // The same message once more, and its effect stands already.
    const maker = this.#makers.get(identity)
    if (maker !== undefined && (this.#standing.get(identity) ?? 0) > 0) this.#tell(maker, event)
  }

  /** Tells what has changed since the last look, as this call's doing. */
  look(call: NamedCall): void {
    const now = this.#read()
    if (now === null) return
    const before = this.#standing
    this.#standing = now
    for (const [identity, times] of now) this.#more(identity, before.get(identity) ?? 0, times, call)
    for (const [identity, times] of before) this.#less(identity, times, now.get(identity) ?? 0, call)
  }

  #more(identity: string, before: number, now: number, call: NamedCall): void {
    const records = this.#records.get(identity) ?? []
    if (before === 0 && now > 0) {
      this.#makers.set(identity, call)
      for (const record of records) this.#tell(call, record)
    }
    for (let times = Math.max(1, before); times < now; times += 1)
      for (const record of records.slice(0, 1)) this.#tell(call, record)
  }

  #less(identity: string, before: number, now: number, call: NamedCall): void {
    const records = this.#records.get(identity) ?? []
    for (let left = before - 1; left >= Math.max(1, now); left -= 1)
      for (const record of records.slice(0, 1)) this.#untell(call, record, left)
    if (before > 0 && now === 0) for (const record of records) this.#untell(call, record, 0)
  }

  #tell(call: NamedCall, { topic, partition, offset }: RecordPosition): void {
    this.#options.observe({ kind: 'effect', via: 'service', ...this.#by(call), topic, partition, offset })
  }

  #untell(call: NamedCall, { topic, partition, offset }: RecordPosition, left: number): void {
    this.#options.observe({ kind: 'effect-undone', ...this.#by(call), left, topic, partition, offset })
  }

  #by(call: NamedCall): { label: string; process: string; incarnation: number; call: string } {
    const { process, incarnation } = call
    return { label: this.#options.effects.from, process, incarnation, call: callName(call) }
  }

  #read(): Map<string, number> | null {
    const { effects, ask } = this.#options
    const rows = ask(effects.query)
    if (rows === null) return null
    const times = new Map<string, number>()
    for (const row of rows) {
      const identity = identityOf(row)
      if (identity === null) throw unfit(effects, row)
      times.set(identity, (times.get(identity) ?? 0) + Number(row['times'] ?? 1))
    }
    return times
  }

  /** Null: the value is not what `identity` expects, as after it was cut in half. */
  #identityOf(event: EventOf<'append'>): string | null {
    const { identity } = this.#options
    if (identity === undefined) return recordName(event)
    const { topic, partition, offset, key, value } = event
    try {
      return String(identity({ topic, partition, offset, key, value }))
    } catch {
      return null
    }
  }
}

/** By its column `identity`, or by the record's own place. */
function identityOf(row: ServiceRow): string | null {
  const { identity } = row
  return identity === undefined ? recordNameOfRow(row) : identity
}

function unfit({ from }: EffectsOfService, row: ServiceRow): UsageError {
  return new UsageError(
    'bad-scenario',
    `effects.query at ${from} gives rows of ${Object.keys(row).join(', ')}; it must give a column 'identity' (beside the scenario's identity), or topic, partition and "offset", and may give 'times': select order_id as identity, count(*) as times from orders group by 1`,
  )
}
