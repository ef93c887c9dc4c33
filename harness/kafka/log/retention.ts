import type { Segment, Segments } from './segments.ts'
import type { LogConfig } from './topic-configs.ts'

/**
 * Why records are gone: a client asked for it, the scenario did, or retention by age or by size
 * took whole segments.
 */
export type DeletionReason = 'DeleteRecords' | 'deleted' | 'retention.ms' | 'retention.bytes'

/** The part of a log that retention removes (UnifiedLog.deleteOldSegments). */
export interface Retained {
  /** Where the log starts from now on. */
  readonly startOffset: bigint
  /** The configuration that took the last of it, or null where nothing went. */
  readonly reason: DeletionReason | null
}

/**
 * Whole segments go, the active one too where all of it is too old; none above the high watermark
 * (KAFKA.md L10).
 */
export function retained(segments: Segments, config: LogConfig, nowMs: number): Retained {
  const { log } = segments
  const all = segments.look(config)
  const endOf = (index: number): bigint => all[index + 1]?.baseOffset ?? log.endOffset
  let kept = 0
  let reason: Retained['reason'] = null
  const drop = (why: 'retention.ms' | 'retention.bytes', tooMuch: (segment: Segment) => boolean): void => {
    for (let each = all[kept]; each !== undefined; each = all[kept]) {
      if (endOf(kept) > log.highWatermark || !tooMuch(each)) return
      kept += 1
      reason = why
    }
  }
  const { retentionMs, retentionBytes } = config
  if (retentionMs >= 0) drop('retention.ms', ({ latestMs }) => nowMs - latestMs > retentionMs)
  if (retentionBytes >= 0) {
    let excess = -retentionBytes
    for (const { bytes } of all.slice(kept)) excess += bytes
    drop('retention.bytes', ({ bytes }) => {
      if (excess < bytes) return false
      excess -= bytes
      return true
    })
  }
  return { startOffset: kept === 0 ? log.startOffset : endOf(kept - 1), reason }
}

/** The earliest time at which age may take something of this log, or null. */
export function expiresMs(segments: Segments, config: LogConfig): number | null {
  if (config.retentionMs < 0) return null
  const [oldest] = segments.look(config)
  return oldest === undefined ? null : oldest.latestMs + config.retentionMs + 1
}
