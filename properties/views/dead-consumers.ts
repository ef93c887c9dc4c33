import type { EventOf } from '../../harness/core/history.ts'
import { groupBeside } from '../../harness/core/names.ts'
import type { Noting, View } from './observing.ts'

/**
 * How long a process may take to react to the end of its consumer, in virtual microseconds. Where
 * the drain ran into its deadline it had its time, or nothing was left that could happen.
 */
const REACTION_US = 10_000_000

type End = EventOf<'consumer-crashed'> | EventOf<'consumer-stopped'>

interface ConsumerLife {
  /** Why it does not consume, or null while it does. */
  ended: End | null
  /** Read by it, perhaps among others. */
  topic: string
  /** Whether its last handler failed; of a consumer without a group only. */
  failed: boolean
}

/** Consumers that have ended in processes that live on. */
export class DeadConsumers implements View {
  /** By process, then by group. */
  readonly #consumers: Map<string, Map<string, ConsumerLife>> = new Map()
  readonly #asked: Set<string> = new Set()
  #endUs = 0
  #atDeadline = false

  readonly noting: Noting = {
    'consumer-started': (event) => this.#set(event, null, event.topics[0]),
    believes: (event) => this.#set(event, null),
    'consumer-crashed': (event) => this.#set(event, event.restarts ? null : event),
    'consumer-stopped': (event) => {
      const crashed = this.#consumers.get(event.process)?.get(event.group)?.ended?.kind === 'consumer-crashed'
      if (!crashed && !this.#asked.has(event.process)) this.#set(event, event)
    },
    'handler-end': (event) => this.#handled(event, false),
    'handler-failure': (event) => this.#handled(event, true),
    'batch-end': (event) => this.#handled(event, event.error !== null),
    'process-terminating': ({ process }) => void this.#asked.add(process),
    'process-started': ({ process }) => this.#forget(process),
    'process-crashed': ({ process }) => this.#forget(process),
    'process-exited': ({ process }) => this.#forget(process),
    'shutdown-timeout': ({ process }) => this.#forget(process),
    phase: ({ timeUs }) => {
      this.#endUs = timeUs
    },
    'drain-deadline': () => {
      this.#atDeadline = true
    },
  }

  /** The ends of all consumers that are dead. */
  all(): readonly End[] {
    const ends: End[] = []
    for (const consumers of this.#consumers.values()) {
      for (const { ended } of consumers.values()) {
        if (ended === null || isReplaced(ended, consumers)) continue
        if (this.#atDeadline || this.#endUs - ended.timeUs >= REACTION_US) ends.push(ended)
      }
    }
    return ends
  }

  /** Processes that live and have a consumer of this group that is not dead. */
  working(group: string): readonly string[] {
    return [...this.#consumers]
      .filter(([, each]) => each.get(group)?.ended === null)
      .map(([process]) => process)
  }

  #set({ process, group }: { process: string; group: string }, ended: End | null, reads?: string): void {
    const consumers = this.#consumers.get(process) ?? new Map<string, ConsumerLife>()
    this.#consumers.set(process, consumers)
    const before = consumers.get(group)
    const topic = reads ?? before?.topic ?? ''
    consumers.set(group, { ended, topic, failed: ended !== null && before?.failed === true })
  }

  #handled({ process, group }: { process: string; group: string }, failed: boolean): void {
    const consumer = group === '' ? this.#consumers.get(process)?.get(group) : undefined
    if (consumer !== undefined) consumer.failed = failed
  }

  #forget(process: string): void {
    this.#consumers.delete(process)
    this.#asked.delete(process)
  }
}

/**
 * The app stopped it, and has one of the same group in another cluster, which lives; or it had no
 * group, as one that reads a topic once does, and another lives. One that was stopped since its
 * handler failed had not read all.
 */
function isReplaced({ kind, group }: End, consumers: ReadonlyMap<string, ConsumerLife>): boolean {
  if (kind !== 'consumer-stopped') return false
  if (group === '' && consumers.get(group)?.failed === true) return false
  if (group === '') return [...consumers.values()].some(({ ended }) => ended === null)
  return [...consumers].some(
    ([other, { ended, topic }]) => ended === null && other !== group && groupBeside(group, topic) === other,
  )
}
