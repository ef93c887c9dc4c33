import type { Phase } from '../core/faults/phases.ts'
import type { EventOf, HistoryEvent } from '../core/history.ts'

interface ProcessPhases {
  fetches: number
  joins: number
  handlers: number
  /** An effect became real since the last commit was sent. */
  uncommitted: boolean
  commitsSent: number
  commitsApplied: number
}

/** Follows one history, in constant time for each event. */
export class PhaseTracker {
  readonly #states: Map<string, ProcessPhases> = new Map()
  #rebalancing = false

  of(process: string): Phase {
    const state = this.#states.get(process)
    if (state === undefined) return 'idle'
    if (state.commitsApplied > 0) return 'between commit applied and acknowledged'
    if (state.commitsSent > 0) return 'commit in flight'
    if (state.uncommitted) return 'between effect and commit'
    if (state.handlers > 0) return 'handling'
    if (this.#rebalancing) return 'rebalancing'
    if (state.joins > 0) return 'joining'
    return state.fetches > 0 ? 'fetching' : 'idle'
  }

  observe(event: HistoryEvent): void {
    switch (event.kind) {
      case 'request':
        return request(this.#state(event.process), event)
      case 'handler-start':
      case 'batch-start':
        this.#state(event.process).handlers += 1
        return
      case 'handler-end':
      case 'handler-failure':
      case 'batch-end': {
        const state = this.#state(event.process)
        state.handlers = Math.max(0, state.handlers - 1)
        return
      }
      case 'effect':
        this.#state(event.process).uncommitted = true
        return
      case 'rebalance':
        this.#rebalancing = true
        return
      case 'generation':
        this.#rebalancing = false
        return
      case 'process-started':
      case 'process-crashed':
      case 'process-exited':
        this.#states.delete(event.process)
        return
      default:
        return
    }
  }

  #state(process: string): ProcessPhases {
    const known = this.#states.get(process)
    if (known !== undefined) return known
    const made = { fetches: 0, joins: 0, handlers: 0, uncommitted: false, commitsSent: 0, commitsApplied: 0 }
    this.#states.set(process, made)
    return made
  }
}

function request(state: ProcessPhases, { api, phase }: EventOf<'request'>): void {
  switch (api) {
    case 'Fetch':
      state.fetches = counted(state.fetches, phase)
      return
    case 'JoinGroup':
    case 'SyncGroup':
      state.joins = counted(state.joins, phase)
      return
    case 'OffsetCommit':
    case 'TxnOffsetCommit':
      if (phase === 'sent') state.uncommitted = false
      state.commitsSent = counted(state.commitsSent, phase)
      if (phase === 'applied') state.commitsApplied += 1
      else if (phase === 'acknowledged' || phase === 'lost')
        state.commitsApplied = Math.max(0, state.commitsApplied - 1)
      return
    default:
      return
  }
}

/** Requests on their way: sent, and neither answered nor lost. */
function counted(underway: number, phase: EventOf<'request'>['phase']): number {
  if (phase === 'sent') return underway + 1
  return phase === 'acknowledged' || phase === 'lost' ? Math.max(0, underway - 1) : underway
}
