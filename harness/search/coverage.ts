import type { Fault, FaultKind } from '../core/fault.ts'
import type { HistoryEvent } from '../core/history.ts'
import type { Coverage } from '../core/result.ts'
import type { RunResult } from '../run/run.interface.ts'

export const PHASES = [
  'idle',
  'joining',
  'fetching',
  'handling',
  'between effect and commit',
  'commit in flight',
  'between commit applied and acknowledged',
] as const
export type Phase = (typeof PHASES)[number]

/** Pairs that a search should hit; if it never did, the report says so. */
const OF_INTEREST: readonly { readonly kind: FaultKind; readonly phase: Phase }[] = [
  ...PHASES.slice(1).map((phase) => ({ kind: 'crash' as const, phase })),
  ...PHASES.slice(3).map((phase) => ({ kind: 'pause' as const, phase })),
  { kind: 'graceful-restart', phase: 'handling' },
  { kind: 'answer-lost', phase: 'commit in flight' },
  { kind: 'join', phase: 'handling' },
]

/** What a search did: counted while it runs, from the events before each fault. */
export class CoverageCounter {
  readonly #runsByStrategy: Map<string, number> = new Map()
  readonly #pairs: Map<string, number> = new Map()
  selfChecks = 0

  add(strategy: string, { history }: RunResult): void {
    this.#runsByStrategy.set(strategy, (this.#runsByStrategy.get(strategy) ?? 0) + 1)
    const phases = new PhaseTracker()
    for (const event of history.events) {
      if (event.kind === 'fault' && event.phase === 'begins') {
        const pair = `${event.fault.kind} × ${phases.of(processOf(event.fault))}`
        this.#pairs.set(pair, (this.#pairs.get(pair) ?? 0) + 1)
      } else phases.observe(event)
    }
  }

  report(options: {
    namedEvents: number
    sweep: { done: number; total: number }
    kinds: readonly FaultKind[]
  }): Coverage {
    const missed = OF_INTEREST.filter(
      ({ kind, phase }) => options.kinds.includes(kind) && !this.#pairs.has(`${kind} × ${phase}`),
    )
    const never = missed.map(
      ({ kind, phase }) => `no ${kind} ever fell ${/^between|^in/.test(phase) ? phase : `while ${phase}`}`,
    )
    const { done, total } = options.sweep
    if (done < total)
      never.push(`${total - done} of ${total} single faults of the sweep were not tried: raise --runs`)
    return {
      runsByStrategy: Object.fromEntries(this.#runsByStrategy),
      namedEvents: options.namedEvents,
      sweep: { ...options.sweep, kinds: options.kinds },
      faultPhases: Object.fromEntries([...this.#pairs].sort(([a], [b]) => (a < b ? -1 : 1))),
      never,
      selfChecks: this.selfChecks,
    }
  }
}

/** The process whose phase matters: the fault's own, or the one at whose event it was placed. */
function processOf({ kind, target, at }: Fault): string {
  const text =
    kind === 'crash' || kind === 'pause' || kind === 'leave' || !('event' in at) ? target : at.event
  return /^\S+/.exec(text)?.[0] ?? ''
}

/** In which phase each process is, by the last thing that is known of it. */
class PhaseTracker {
  readonly #phases: Map<string, Phase> = new Map()

  of(process: string): Phase {
    return this.#phases.get(process) ?? 'idle'
  }

  observe(event: HistoryEvent): void {
    const phase = phaseAfter(event)
    if (phase !== null && 'process' in event && typeof event.process === 'string')
      this.#phases.set(event.process, phase)
  }
}

function phaseAfter(event: HistoryEvent): Phase | null {
  switch (event.kind) {
    case 'handler-start':
    case 'batch-start':
      return 'handling'
    case 'effect':
      return 'between effect and commit'
    case 'process-started':
      return 'idle'
    case 'request':
      break
    default:
      return null
  }
  if (event.api === 'OffsetCommit') {
    if (event.phase === 'sent' || event.phase === 'received') return 'commit in flight'
    return event.phase === 'applied' ? 'between commit applied and acknowledged' : 'idle'
  }
  if (event.phase !== 'sent') return null
  if (event.api === 'JoinGroup' || event.api === 'SyncGroup') return 'joining'
  return event.api === 'Fetch' ? 'fetching' : null
}
