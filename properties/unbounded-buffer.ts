import type { EventOf, RecordPosition } from '../harness/core/history.ts'
import { recordName } from '../harness/core/names.ts'
import type { Finding } from '../harness/core/verdict.ts'
import { property } from './checker.ts'
import { seen } from './finding.ts'
import type { Delivery } from './views/passages.ts'

interface TakenRecord {
  /** How many handlers run for the record. */
  running: number
  /** The app reports effects, and none of this record is known. */
  unfinished: boolean
}

/** The records that each process has in hand, by name. */
class InFlight {
  readonly #taken: Map<string, Map<string, TakenRecord>> = new Map()
  /** Records with an effect or a skip of any process. */
  readonly #finished: Set<string> = new Set()
  readonly #waitsForEffect: boolean

  constructor(waitsForEffect: boolean) {
    this.#waitsForEffect = waitsForEffect
  }

  /** How many records this process then has. */
  take(process: string, records: readonly RecordPosition[]): number {
    const mine = this.#of(process)
    for (const record of records) {
      const name = recordName(record)
      const known = mine.get(name)
      if (known !== undefined) known.running += 1
      else mine.set(name, { running: 1, unfinished: this.#waitsForEffect && !this.#finished.has(name) })
    }
    return mine.size
  }

  /** A handler of the record ended; one that `failed` holds it no longer. */
  end(process: string, record: RecordPosition, failed: boolean): void {
    const name = recordName(record)
    const known = this.#of(process).get(name)
    if (known === undefined) return
    known.running = Math.max(0, known.running - 1)
    if (known.running === 0 && (failed || !known.unfinished)) this.#of(process).delete(name)
  }

  finish(process: string, record: RecordPosition): void {
    const name = recordName(record)
    this.#finished.add(name)
    const known = this.#of(process).get(name)
    if (known === undefined) return
    known.unfinished = false
    if (known.running === 0) this.#of(process).delete(name)
  }

  /** Only what handlers hold remains. */
  letGo(process: string): void {
    const mine = this.#of(process)
    for (const [name, { running }] of mine) if (running === 0) mine.delete(name)
  }

  forget(process: string): void {
    this.#taken.delete(process)
  }

  #of(process: string): Map<string, TakenRecord> {
    const known = this.#taken.get(process) ?? new Map<string, TakenRecord>()
    this.#taken.set(process, known)
    return known
  }
}

/**
 * The wish: a consumer takes no more than it can hold.
 *
 * Why the simple rule is wrong: counting running handlers misses the pattern that breaks in
 * production, a handler that launches the work and returns ("semaphore and launch"): the poll goes
 * on, and the heap fills.
 *
 * The rule: for each process, records whose handler runs, and, where the app reports effects,
 * records whose handler returned without an effect or a skip, never exceed `inFlightMax`. A record
 * that was complete before (a redelivery that the app recognises) counts only while its handler
 * runs. An assignment or revocation lets go of what waits without a handler, and the end of a
 * process of everything.
 *
 * Blind spots: records that the client fetched and has not handed out; a batch counts whole until
 * it ends.
 *
 * Source: Little's law; the pattern of CONSUMERS.md C36.
 */
export const unboundedBuffer = property({
  name: 'unbounded-buffer',
  when: 'online',
  open({ setting }) {
    const { inFlightMax = Number.POSITIVE_INFINITY, outputs } = setting.guarantee.options
    const inFlight = new InFlight(setting.effects === 'reported' && outputs === undefined)
    const reported = new Set<string>()

    const take = (event: Delivery, records: readonly RecordPosition[]): Finding | null => {
      const { process, seq } = event
      if (inFlight.take(process, records) <= inFlightMax || reported.has(process)) return null
      reported.add(process)
      const message = `${process} had taken more than ${inFlightMax} records without finishing them`
      return seen('unbounded-buffer', message, { events: [seq] })
    }
    const end = (process: string, records: readonly RecordPosition[], failed: boolean): null => {
      for (const record of records) inFlight.end(process, record, failed)
      return null
    }
    const finish = (event: EventOf<'effect'> | EventOf<'skip'>): null => {
      inFlight.finish(event.process, event)
      return null
    }
    const letGo = ({ process }: { readonly process: string }): null => {
      inFlight.letGo(process)
      return null
    }
    const forget = ({ process }: { readonly process: string }): null => {
      inFlight.forget(process)
      return null
    }

    return {
      on: {
        'handler-start': (event) => take(event, [event]),
        'batch-start': (event) => take(event, recordsOf(event, event.offsets)),
        'handler-end': (event) => end(event.process, [event], false),
        'handler-failure': (event) => end(event.process, [event], true),
        'batch-end': (event) => end(event.process, rangeOf(event), event.error !== null),
        effect: finish,
        skip: finish,
        believes: letGo,
        revoked: letGo,
        'process-started': forget,
        'process-crashed': forget,
        'process-exited': forget,
      },
    }
  },
})

function recordsOf(
  { topic, partition }: { readonly topic: string; readonly partition: number },
  offsets: readonly bigint[],
): RecordPosition[] {
  return offsets.map((offset) => ({ topic, partition, offset }))
}

function rangeOf({ firstOffset, lastOffset, ...at }: EventOf<'batch-end'>): RecordPosition[] {
  const records: RecordPosition[] = []
  for (let offset = firstOffset; offset <= lastOffset; offset += 1n) records.push({ ...at, offset })
  return records
}
