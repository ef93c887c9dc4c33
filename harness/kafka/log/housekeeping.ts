import type { Clock } from '../cluster.interface.ts'
import { LazyTask } from '../lazy-task.ts'
import type { Settings } from '../settings.ts'
import type { RecordBatch } from '../wire/index.ts'
import { clean, planCleaning } from './cleaner.ts'
import type { PartitionLog } from './partition-log.ts'
import { type DeletionReason, expiresMs, retained } from './retention.ts'
import { Segments } from './segments.ts'
import type { TopicConfigs } from './topic-configs.ts'

/** One partition that is looked after. */
export interface KeptPartition {
  readonly topic: string
  readonly partition: number
  readonly configs: TopicConfigs
  /** The leader's. */
  log(): PartitionLog
  /** Whether a broker leads it: a log without a leader is not looked after. */
  isLed(): boolean
  /** False once the topic is gone. */
  exists(): boolean
  isLastOfProducer(batch: RecordBatch): boolean
}

interface Care {
  readonly kept: KeptPartition
  segments: Segments
  /** Where the last compaction ended. */
  cleanedUpTo: bigint
}

export interface HousekeepingHost {
  readonly clock: Clock
  readonly settings: Settings
  /** Records below this offset are to go. */
  removeBefore(kept: KeptPartition, offset: bigint, reason: DeletionReason): void
  /** Compaction took these. */
  compacted(kept: KeptPartition, offsets: readonly bigint[]): void
}

/**
 * Retention and compaction of all logs, at the times at which Kafka's tasks run. A log is looked at
 * when something in it may be too old, too much or out of date; until something is appended to it,
 * it costs nothing.
 */
export class Housekeeping {
  readonly #host: HousekeepingHost
  readonly #retention: LazyTask
  readonly #cleaner: LazyTask
  /** Logs that have something to wait for, each with the task that looks at it. */
  readonly #awake: Map<Care, LazyTask> = new Map()

  constructor(host: HousekeepingHost) {
    this.#host = host
    const { clock, settings } = host
    this.#retention = new LazyTask({
      clock,
      firstMs: clock.nowMs() + settings['log.initial.task.delay.ms'],
      intervalMs: settings['log.retention.check.interval.ms'],
      run: (nowMs) => this.#lookAtAll(this.#retention, nowMs),
    })
    this.#cleaner = new LazyTask({
      clock,
      firstMs: clock.nowMs() + settings['log.cleaner.backoff.ms'],
      intervalMs: settings['log.cleaner.backoff.ms'],
      run: (nowMs) => this.#lookAtAll(this.#cleaner, nowMs),
    })
  }

  /**
   * Looks after this partition as its topic's configuration says; the answer is to be called when
   * that changes.
   */
  watch(kept: KeptPartition): () => void {
    const care: Care = { kept, segments: new Segments(kept.log(), this.#host.clock), cleanedUpTo: 0n }
    this.#hook(care)
    return () => {
      if (kept.exists()) this.#wake(care)
    }
  }

  /** The next append may make something due. */
  #hook(care: Care): void {
    const onAppend = (): void => this.#wake(care)
    care.kept.log().onAppend = onAppend
  }

  #wake(care: Care): void {
    const { kept } = care
    const { segments } = this.#current(care)
    segments.log.onAppend = null
    const config = kept.configs.log
    // Compaction and retention of a compacted log are the cleaner's business.
    const task = config.compacts ? this.#cleaner : this.#retention
    const atOnce = config.compacts || config.retentionBytes >= 0
    const dueMs = atOnce ? this.#host.clock.nowMs() : config.deletes ? expiresMs(segments, config) : null
    this.#awake.set(care, task)
    if (dueMs !== null) task.due(dueMs)
  }

  /** The leader's log may be another one than when we last looked. */
  #current(care: Care): Care {
    const log = care.kept.log()
    if (care.segments.log !== log) care.segments = new Segments(log, this.#host.clock)
    return care
  }

  #lookAtAll(task: LazyTask, nowMs: number): number | null {
    let nextMs: number | null = null
    for (const [care, its] of this.#awake) {
      if (its !== task) continue
      const dueMs = care.kept.exists() ? this.#lookAt(this.#current(care), nowMs) : null
      if (dueMs === null) this.#awake.delete(care)
      else nextMs = Math.min(nextMs ?? dueMs, dueMs)
    }
    return nextMs
  }

  /** When time alone may make something due, or null. */
  #lookAt(care: Care, nowMs: number): number | null {
    const { kept, segments } = care
    if (!kept.isLed()) return nowMs
    const config = kept.configs.log
    let nextMs: number | null = null
    if (config.compacts) nextMs = this.#clean(care, nowMs)
    if (config.deletes) {
      const { startOffset, reason } = retained(segments, config, nowMs)
      if (reason !== null) this.#host.removeBefore(kept, startOffset, reason)
      const expiryMs = expiresMs(segments, config)
      if (expiryMs !== null) nextMs = Math.min(nextMs ?? expiryMs, expiryMs)
    }
    if (nextMs === null || config.compacts || config.retentionBytes >= 0) this.#hook(care)
    return nextMs
  }

  #clean(care: Care, nowMs: number): number | null {
    const { kept, segments } = care
    const { log } = segments
    const { dirty, nextMs } = planCleaning(segments, kept.configs.log, {
      cleanedUpTo: care.cleanedUpTo,
      nowMs,
    })
    if (dirty === null) return nextMs
    const { batches, removed } = clean(log, dirty, {
      nowMs,
      deleteRetentionMs: kept.configs.log.deleteRetentionMs,
      isLastOfProducer: (batch) => kept.isLastOfProducer(batch),
    })
    log.replaceBelow(dirty.upTo, batches)
    segments.cleaned(dirty.upTo, batches, kept.configs.log)
    care.cleanedUpTo = dirty.upTo
    if (removed.length > 0) this.#host.compacted(kept, removed)
    return planCleaning(segments, kept.configs.log, { cleanedUpTo: care.cleanedUpTo, nowMs }).nextMs
  }
}
