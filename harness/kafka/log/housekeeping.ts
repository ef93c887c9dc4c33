import type { Clock } from '../cluster.interface.ts'
import { LazyTask } from '../lazy-task.ts'
import type { Settings } from '../settings.ts'
import type { PartitionLog } from './partition-log.ts'
import { expiresMs, retained } from './retention.ts'
import { Segments } from './segments.ts'
import type { TopicConfigs } from './topic-configs.ts'

/** Kafka waits so long after the start of a broker (`log.initial.task.delay.ms`). */
const INITIAL_DELAY_MS = 30_000

/** One partition that is looked after. */
export interface Kept {
  readonly topic: string
  readonly partition: number
  readonly configs: TopicConfigs
  /** The leader's. */
  log(): PartitionLog
  /** False once the topic is gone. */
  exists(): boolean
}

interface Care {
  readonly kept: Kept
  segments: Segments
}

export interface HousekeepingHost {
  readonly clock: Clock
  readonly settings: Settings
  /** Records below this offset are to go. */
  removeBefore(kept: Kept, offset: bigint, reason: string): void
}

/**
 * Retention of all logs, at the times at which Kafka's task runs. A log is looked at when something in it may be too old
 * or too much; until something is appended to it, it costs nothing.
 */
export class Housekeeping {
  readonly #host: HousekeepingHost
  readonly #retention: LazyTask
  readonly #awake: Set<Care> = new Set()

  constructor(host: HousekeepingHost) {
    this.#host = host
    this.#retention = new LazyTask({
      clock: host.clock,
      firstMs: host.clock.nowMs() + INITIAL_DELAY_MS,
      intervalMs: host.settings['log.retention.check.interval.ms'],
      run: (nowMs) => this.#retain(nowMs),
    })
  }

  /** Looks after this partition as its topic's configuration says; the answer is to be called when that changes. */
  watch(kept: Kept): () => void {
    const care: Care = { kept, segments: new Segments(kept.log()) }
    this.#sleep(care)
    return () => {
      if (kept.exists()) this.#wake(care)
    }
  }

  /** Nothing can be due before something is appended. */
  #sleep(care: Care): void {
    care.kept.log().onAppend = () => this.#wake(care)
  }

  #wake(care: Care): void {
    const { kept } = care
    const log = kept.log()
    log.onAppend = null
    if (care.segments.log !== log) care.segments = new Segments(log)
    const config = kept.configs.log
    if (!config.deletes) return this.#sleep(care)
    this.#awake.add(care)
    const dueMs = config.retentionBytes >= 0 ? this.#host.clock.nowMs() : expiresMs(care.segments, config)
    if (dueMs !== null) this.#retention.due(dueMs)
  }

  #retain(nowMs: number): number | null {
    let nextMs: number | null = null
    for (const care of this.#awake) {
      const { kept } = care
      if (!kept.exists()) {
        this.#awake.delete(care)
        continue
      }
      const log = kept.log()
      if (care.segments.log !== log) care.segments = new Segments(log)
      const config = kept.configs.log
      if (!config.deletes) {
        this.#awake.delete(care)
        this.#sleep(care)
        continue
      }
      const { startOffset, reason } = retained(care.segments, config, nowMs)
      if (reason !== null) this.#host.removeBefore(kept, startOffset, reason)
      const atMs = expiresMs(care.segments, config)
      if (atMs !== null) nextMs = Math.min(nextMs ?? atMs, atMs)
      else this.#awake.delete(care)
      if (atMs === null || config.retentionBytes >= 0) this.#sleep(care)
    }
    return nextMs
  }
}
