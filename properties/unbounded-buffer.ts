import { recordName } from '../harness/core/event-name.ts'
import type { RecordPosition } from '../harness/core/history.ts'
import type { Finding } from '../harness/core/verdict.ts'
import { property } from './checker.ts'
import { seen } from './finding.ts'

interface Taken {
  readonly topic: string
  /** Its handler runs. */
  running: number
  /** The app reports effects, and none of this record is known. */
  unfinished: boolean
}

/**
 * The wish: a consumer takes no more than it can hold.
 *
 * Why the simple rule is wrong: counting running handlers misses the pattern that breaks in production, a handler that
 * launches the work and returns ("semaphore and launch"): the poll goes on, and the heap fills.
 *
 * The rule: for each process, records whose handler runs, and, where the app reports effects, records whose handler
 * returned without an effect or a skip, never exceed `inFlightMax`. A record that was complete before (a redelivery that
 * the app recognises) counts only while its handler runs. An assignment or revocation lets go of what waits without a
 * handler, and the end of a process of everything.
 *
 * Blind spots: records that the client fetched and has not handed out; a batch counts whole until it ends.
 *
 * Source: Little's law; the pattern of CONSUMERS.md C36.
 */
export const unboundedBuffer = property({
  name: 'unbounded-buffer',
  when: 'online',
  open({ setting }) {
    const { inFlightMax } = setting.guarantee.options
    const waitsForEffect = setting.effects === 'reported' && setting.guarantee.options.outputs === undefined
    const taken = new Map<string, Map<string, Taken>>()
    const finished = new Set<string>()
    const reported = new Set<string>()

    const of = (process: string): Map<string, Taken> => {
      const known = taken.get(process) ?? new Map<string, Taken>()
      taken.set(process, known)
      return known
    }

    const take = (
      event: { readonly process: string; readonly seq: number },
      records: readonly RecordPosition[],
    ): Finding | null => {
      if (inFlightMax === undefined) return null
      const { process, seq } = event
      const mine = of(process)
      for (const record of records) {
        const name = recordName(record)
        const known = mine.get(name)
        if (known !== undefined) known.running += 1
        else {
          const unfinished = waitsForEffect && !finished.has(name)
          mine.set(name, { topic: record.topic, running: 1, unfinished })
        }
      }
      if (mine.size <= inFlightMax || reported.has(process)) return null
      reported.add(process)
      const message = `${process} had taken more than ${inFlightMax} records without finishing them`
      return seen('unbounded-buffer', message, { events: [seq] })
    }

    /** `failed`: whoever failed has let go of it. */
    const end = (process: string, record: RecordPosition, failed: boolean): null => {
      const mine = of(process)
      const name = recordName(record)
      const known = mine.get(name)
      if (known === undefined) return null
      known.running = Math.max(0, known.running - 1)
      if (known.running === 0 && (failed || !known.unfinished)) mine.delete(name)
      return null
    }

    const finish = (event: RecordPosition & { readonly process: string }): null => {
      const name = recordName(event)
      finished.add(name)
      const mine = of(event.process)
      const known = mine.get(name)
      if (known === undefined) return null
      known.unfinished = false
      if (known.running === 0) mine.delete(name)
      return null
    }

    const letGo = ({ process }: { readonly process: string }): null => {
      for (const [name, { running }] of of(process)) if (running === 0) of(process).delete(name)
      return null
    }
    const forget = ({ process }: { readonly process: string }): null => {
      taken.delete(process)
      return null
    }

    return {
      on: {
        'handler-start': (event) => take(event, [event]),
        'batch-start': (event) => take(event, recordsOf(event, event.offsets)),
        'handler-end': (event) => end(event.process, event, false),
        'handler-failure': (event) => end(event.process, event, true),
        'batch-end'(event) {
          const { process, firstOffset, lastOffset, error } = event
          for (let offset = firstOffset; offset <= lastOffset; offset += 1n) {
            end(process, { topic: event.topic, partition: event.partition, offset }, error !== null)
          }
          return null
        },
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
