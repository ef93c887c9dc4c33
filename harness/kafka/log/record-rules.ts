import type { KafkaRecord } from '../wire/index.ts'
import type { LogConfig } from './topic-configs.ts'

/** LogValidator's objection to a producer's records, or null. */
export function recordProblem(
  records: readonly KafkaRecord[],
  { compacts, logAppendTime, timestampBeforeMaxMs, timestampAfterMaxMs }: LogConfig,
  nowMs: number,
): 'INVALID_RECORD' | 'INVALID_TIMESTAMP' | null {
  for (const { key, timestamp } of records) {
    if (compacts && key === null) return 'INVALID_RECORD'
    if (logAppendTime || timestamp < 0n) continue
    const ageMs = nowMs - Number(timestamp)
    if (ageMs > timestampBeforeMaxMs || -ageMs > timestampAfterMaxMs) return 'INVALID_TIMESTAMP'
  }
  return null
}
