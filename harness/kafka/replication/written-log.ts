import type { PartitionLog } from '../log/partition-log.ts'
import type { RecordBatch } from '../wire/index.ts'
import { type LogShape, partingOf } from './log-shape.ts'

/** How the log of a new leader differs from what was written. */
export interface Rewriting {
  /** From here on. */
  readonly offset: bigint
  /** The batches that take its place. */
  readonly back: readonly RecordBatch[]
  /** From here on what is gone had never been in all in-sync replicas; null where all of it had. */
  readonly uncommittedFrom: bigint | null
}

const shapeOf = ({ epochs, endOffset }: PartitionLog): LogShape => ({ epochs, end: endOffset })

/** The writes of a partition's leaders, one after the other, as observers were told of them. */
export class WrittenLog {
  #shape: LogShape
  /** The highest high watermark that a leader had, as far as its log is still there. */
  #committed: bigint

  constructor(log: PartitionLog) {
    this.#shape = shapeOf(log)
    this.#committed = log.endOffset
  }

  /** Where the leader's log ended when we last looked. */
  get end(): bigint {
    return this.#shape.end
  }

  /** The leader's log has grown. */
  grown(log: PartitionLog): void {
    this.#shape = shapeOf(log)
  }

  /** A leader has this high watermark. */
  committed(highWatermark: bigint): void {
    if (highWatermark > this.#committed) this.#committed = highWatermark
  }

  /**
   * @returns how the log of the new leader differs from what was written; null where it does not
   */
  replacedBy(log: PartitionLog): Rewriting | null {
    const before = this.#shape
    this.#shape = shapeOf(log)
    const common = partingOf(before, this.#shape)
    if (common === before.end && common === log.endOffset) return null
    const uncommittedFrom = this.#committed < common ? common : this.#committed
    if (common < this.#committed) this.#committed = common
    return {
      offset: common,
      back: common < log.endOffset ? log.from(common) : [],
      uncommittedFrom: uncommittedFrom < before.end ? uncommittedFrom : null,
    }
  }
}
