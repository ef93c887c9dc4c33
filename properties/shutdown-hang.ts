import { partitionName, recordName } from '../harness/core/event-name.ts'
import type { FaultKind } from '../harness/core/fault.ts'
import type { EventOf } from '../harness/core/history.ts'
import type { Finding } from '../harness/core/verdict.ts'
import { property } from './checker.ts'
import { seen } from './finding.ts'
import type { Completed } from './views/completions.ts'
import { ACTS } from './views/faults.ts'

/** Faults that take time by themselves: a shutdown that waits for one of them is not hanging. */
const STRETCHING: readonly FaultKind[] = [
  'pause',
  'slow-handler',
  'link-latency',
  'link-cut',
  'link-refuse',
  'link-reset',
  'request-lost',
  'answer-lost',
  'request-delayed',
  'answer-delayed',
  'disconnect-before',
  'disconnect-after',
  'broker-down',
]

/**
 * The wish: a process that is asked to end ends, and leaves its work committed.
 *
 * Why the simple rule is wrong: a shutdown that waits for a frozen process, a slow handler or a cut network is patient,
 * not hanging; and what one process processed may rightly stay uncommitted where somebody else owns the partition.
 *
 * The rule: after SIGTERM a process ends within its grace period (`shutdownMs` where it is claimed), unless a fault that
 * takes time by itself began or still acted meanwhile. A rebalance, a crash of another process or a moved coordinator
 * is no excuse: those are what a deployment meets. That it left its last records uncommitted is only noted, as a
 * diagnosis: the next owner processes them again.
 *
 * Blind spots: faults that wait for a request or a record excuse every shutdown after them.
 *
 * Source: CONSUMERS.md C08, C29; the grace period is that of Kubernetes.
 */
export const shutdownHang = property({
  name: 'shutdown-hang',
  when: 'end',
  open({ setting, completions, committed }) {
    const { shutdownMs } = setting.guarantee.options
    const asked = new Map<string, EventOf<'process-terminating'>>()
    const excused = new Set<string>()
    const acting = new Set<number>()
    const findings: Finding[] = []
    /** The last completion in each partition, by process. */
    const last = new Map<string, Map<string, Completed>>()
    completions.listen((completed) => {
      const mine = last.get(completed.process) ?? new Map<string, Completed>()
      last.set(completed.process, mine)
      const key = `${completed.group} ${partitionName(completed.record)}`
      const before = mine.get(key)
      if (before === undefined || before.record.index < completed.record.index) mine.set(key, completed)
    })

    const late = (process: string, seq: number, message: string): void => {
      if (acting.size > 0 || excused.has(process)) return
      findings.push(seen('shutdown-hang', message, { events: [asked.get(process)?.seq, seq] }))
    }

    const noteUncommitted = ({ process, seq }: EventOf<'process-exited'>): void => {
      for (const { group, record, seq: completedSeq } of last.get(process)?.values() ?? []) {
        const commit = committed.of(group, record)
        if (commit !== undefined && commit.offset > record.offset) continue
        const message = `${process} ended on SIGTERM without having committed ${recordName(record)}, which it had processed`
        findings.push(
          seen('shutdown-hang', message, { events: [completedSeq, commit?.seq, seq], diagnosis: true }),
        )
      }
    }

    const forget = ({ process }: { readonly process: string }): null => {
      asked.delete(process)
      excused.delete(process)
      last.delete(process)
      return null
    }

    return {
      on: {
        fault({ fault: { kind }, phase, index }) {
          if (phase === 'ends') acting.delete(index)
          else if (STRETCHING.includes(kind)) {
            for (const process of asked.keys()) excused.add(process)
            if (ACTS[kind] !== 'instant') acting.add(index)
          }
          return null
        },
        'process-terminating'(event) {
          asked.set(event.process, event)
          if (acting.size > 0) excused.add(event.process)
          return null
        },
        'shutdown-timeout'(event) {
          late(
            event.process,
            event.seq,
            `${event.process} did not end when it was asked to and had to be killed`,
          )
          excused.add(event.process)
          return null
        },
        'process-exited'(event) {
          const { process, timeUs, seq } = event
          const terminating = asked.get(process)
          const overdue =
            terminating !== undefined &&
            shutdownMs !== undefined &&
            timeUs - terminating.timeUs > shutdownMs * 1000
          if (overdue)
            late(process, seq, `${process} took longer to end than the ${shutdownMs} ms that it claims`)
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
