import { definitionOf } from '../harness/core/fault.ts'
import type { EventOf } from '../harness/core/history.ts'
import { partitionName, recordName } from '../harness/core/names.ts'
import type { Finding } from '../harness/core/verdict.ts'
import { property } from './checker.ts'
import { seen } from './finding.ts'
import type { Completed } from './views/completions.ts'

/** Processes that were asked to end, and those that may take longer. */
class Shutdowns {
  readonly #asked: Map<string, EventOf<'process-terminating'>> = new Map()
  readonly #excused: Set<string> = new Set()
  readonly #acting: Set<number> = new Set()
  /** Processes whose consumer has joined its group. */
  readonly #joined: Set<string> = new Set()
  readonly #claimed: boolean

  /** @param claimed whether the app claims to end within a time of its own */
  constructor(claimed: boolean) {
    this.#claimed = claimed
  }

  fault({ fault: { kind }, phase, index }: EventOf<'fault'>): void {
    if (phase === 'ends') {
      this.#acting.delete(index)
      return
    }
    const { stretches, acts } = definitionOf(kind)
    if (stretches === undefined || (this.#claimed && stretches === 'surroundings')) return
    for (const process of this.#asked.keys()) this.#excused.add(process)
    if (acts !== 'instant') this.#acting.add(index)
  }

  ask(event: EventOf<'process-terminating'>): null {
    this.#asked.set(event.process, event)
    if (this.#acting.size > 0) this.#excused.add(event.process)
    return null
  }

  /** One that joins for the first time after it was asked had not begun to work. */
  join({ process }: EventOf<'believes'>): null {
    if (!this.#claimed && this.#asked.has(process) && !this.#joined.has(process)) this.#excused.add(process)
    this.#joined.add(process)
    return null
  }

  /** The request to end, or undefined where nobody asked or there is an excuse. */
  unexcused(process: string): EventOf<'process-terminating'> | undefined {
    const excused = this.#acting.size > 0 || this.#excused.has(process)
    return excused ? undefined : this.#asked.get(process)
  }

  forget(process: string): void {
    this.#asked.delete(process)
    this.#excused.delete(process)
    this.#joined.delete(process)
  }
}

/** The last record that each process completed in each partition. */
class LastWork {
  readonly #ofProcess: Map<string, Map<string, Completed>> = new Map()

  add(completed: Completed): void {
    const mine = this.#ofProcess.get(completed.process) ?? new Map<string, Completed>()
    this.#ofProcess.set(completed.process, mine)
    const key = `${completed.group} ${partitionName(completed.record)}`
    const before = mine.get(key)
    if (before === undefined || before.record.index < completed.record.index) mine.set(key, completed)
  }

  take(process: string): readonly Completed[] {
    const mine = [...(this.#ofProcess.get(process)?.values() ?? [])]
    this.#ofProcess.delete(process)
    return mine
  }
}

/**
 * The wish: a process that is asked to end ends, and leaves its work committed.
 *
 * Why the simple rule is wrong: a shutdown that waits for a frozen process, a slow handler or a cut
 * network is patient, not hanging; and what one process processed may rightly stay uncommitted
 * where somebody else owns the partition.
 *
 * The rule: after SIGTERM a process ends within its grace period (`shutdownMs` where it is
 * claimed), unless a fault that takes time by itself began or still acted meanwhile. A rebalance, a
 * crash of another process or a moved coordinator is no excuse: those are what a deployment meets.
 * One that is asked while it starts, and joins its group only then, had not begun to work: that it
 * goes on keeps a deployment waiting and touches no record, and counts where a period is claimed.
 * Where a grace period is claimed, brokers, links and services that are slow or gone are none
 * either: an orchestrator does not ask for the reason. Only what stops the process itself is.
 * That it left its last records uncommitted is only noted, as a diagnosis: the next owner processes
 * them again.
 *
 * Blind spots: faults that wait for a request or a record excuse every shutdown after them, as far
 * as they excuse any.
 *
 * Source: CONSUMERS.md C08, C29; the grace period is that of Kubernetes.
 */
export const shutdownHang = property({
  name: 'shutdown-hang',
  when: 'end',
  open({ setting, completions, committed, groups }) {
    const claimedMs = setting.guarantee.options.shutdownMs
    const shutdownMs = claimedMs ?? Number.POSITIVE_INFINITY
    const shutdowns = new Shutdowns(claimedMs !== undefined)
    const work = new LastWork()
    const findings: Finding[] = []
    // A row in a database is also the effect of the copies that the app itself wrote: those are for
    // others to commit. So are records of the same message that the process was never given.
    completions.listen((completed) => {
      if (completed.how !== 'same-message' && groups.consumes(completed.group, completed.record.topic))
        work.add(completed)
    })

    const accuse = ({ process, seq }: { process: string; seq: number }, did: string): void => {
      const asked = shutdowns.unexcused(process)
      if (asked === undefined) return
      findings.push(seen('shutdown-hang', `${process} ${did}`, { events: [asked.seq, seq] }))
      shutdowns.forget(process)
    }

    const noteUncommitted = (exited: EventOf<'process-exited'>): void => {
      for (const { group, record, seq } of work.take(exited.process)) {
        const commit = committed.of(group, record)
        if (commit !== undefined && commit.offset > record.offset) continue
        const message = `${exited.process} ended on SIGTERM without having committed ${recordName(record)}, which it had processed`
        const events = [seq, commit?.seq, exited.seq]
        findings.push(seen('shutdown-hang', message, { events, diagnosis: true }))
      }
    }

    const forget = ({ process }: { readonly process: string }): null => {
      shutdowns.forget(process)
      work.take(process)
      return null
    }

    return {
      on: {
        fault(event) {
          shutdowns.fault(event)
          return null
        },
        believes: (event) => shutdowns.join(event),
        'process-terminating': (event) => shutdowns.ask(event),
        'shutdown-timeout'(event) {
          accuse(event, 'did not end when it was asked to and had to be killed')
          return null
        },
        'process-exited'(event) {
          const askedUs = shutdowns.unexcused(event.process)?.timeUs ?? event.timeUs
          if (event.timeUs - askedUs > shutdownMs * 1000) {
            accuse(event, `took longer to end than the ${shutdownMs} ms that it claims`)
          }
          if (event.asked) noteUncommitted(event)
          return forget(event)
        },
        'process-crashed': forget,
        'process-started': forget,
      },
      finish: () => findings,
    }
  },
})
