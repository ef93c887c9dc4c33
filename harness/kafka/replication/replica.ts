import type { PartitionLog } from '../log/partition-log.ts'
import type { ProducerSnapshot, ProducerStates } from '../producer/producer-state.ts'
import { decodeRecords, type RecordBatch } from '../wire/index.ts'

/** A place in a log, and when it was reached. */
interface Mark {
  readonly end: bigint
  readonly atMs: number
}

/** One broker's copy of a partition. */
export class Replica {
  readonly broker: number
  readonly log: PartitionLog
  readonly #makeProducers: () => ProducerStates
  producers: ProducerStates
  online = true
  /** The replica fetches nothing: its network or its disk is stuck. */
  isolated = false
  /** Fenced: offline to the controller, but the broker is still running. */
  fenced = false
  /**
   * Its broker does not know the present leader: it fetches nothing, and does not begin to lead.
   */
  unaware = false
  /** Log end offset that this leader was last told; null before its first fetch. */
  acknowledged: bigint | null = null
  /** When it last had all that the leader had. */
  caughtUpMs: number
  /** The epoch of the leader whose log it has compared with its own. */
  followedEpoch = -1
  /** The awaited step: an answer, or its next request's way to the leader. */
  underway: { cancel(): void } | null = null
  /** Ends of writes that may not be on its disk yet, oldest first. */
  #unflushed: Mark[] = []
  #flushed: bigint
  /** The producers at this offset when the broker was last shut down. */
  #snapshot: { readonly end: bigint; readonly producers: ProducerSnapshot } | null = null

  constructor(
    broker: number,
    { log, producers, nowMs }: { log: PartitionLog; producers: () => ProducerStates; nowMs: number },
  ) {
    this.broker = broker
    this.log = log
    this.#makeProducers = producers
    this.producers = producers()
    this.caughtUpMs = nowMs
    this.#flushed = log.endOffset
    log.followWatermark(log.endOffset)
  }

  /** The replica asks its leader for more. */
  get fetches(): boolean {
    return (this.online || this.fenced) && !this.isolated && !this.unaware
  }

  rest(): void {
    this.underway?.cancel()
    this.underway = null
  }

  /** The log has grown. */
  wrote(nowMs: number): void {
    const last = this.#unflushed.at(-1)
    if (last !== undefined && last.atMs === nowMs) this.#unflushed.pop()
    this.#unflushed.push({ end: this.log.endOffset, atMs: nowMs })
  }

  /** All that was written this long ago is on the disk. */
  flush(nowMs: number, flushMs: number): void {
    const kept = this.#unflushed.findIndex(({ atMs }) => nowMs - atMs < flushMs)
    const flushed = kept < 0 ? this.#unflushed : this.#unflushed.slice(0, kept)
    this.#flushed = flushed.at(-1)?.end ?? this.#flushed
    this.#unflushed = kept < 0 ? [] : this.#unflushed.slice(kept)
  }

  /** The broker is shut down in order: it begins again with what its snapshots say. */
  shutDown(): void {
    this.#snapshot = { end: this.log.endOffset, producers: this.producers.snapshot() }
    this.producers.load(this.#snapshot.producers)
  }

  /** The machine lost its memory. */
  loseUnflushed(): void {
    this.truncate(this.#flushed)
  }

  copy(batches: readonly RecordBatch[]): void {
    for (const batch of batches) {
      this.log.appendCopy(batch)
      remember(this.producers, batch)
    }
  }

  /** Forgets what stands at `end` and above, its producers' sequences included (KAFKA.md I6). */
  truncate(end: bigint): void {
    if (end >= this.log.endOffset) return
    this.log.truncate(end)
    this.#flushed = this.#flushed < end ? this.#flushed : end
    this.#unflushed = this.#unflushed.filter((mark) => mark.end <= end)
    this.producers.rest()
    this.producers = this.#makeProducers()
    if (this.#snapshot !== null && this.#snapshot.end > end) this.#snapshot = null
    if (this.#snapshot !== null) this.producers.load(this.#snapshot.producers)
    for (const batch of this.log.from(this.#snapshot?.end ?? this.log.startOffset))
      remember(this.producers, batch)
  }

  /**
   * Cuts this log back to where it agrees with the leader's (KIP-101, KIP-279, KAFKA.md L2): epoch
   * by epoch, from the latest.
   */
  agreeWith(leader: PartitionLog): void {
    for (;;) {
      const latest = this.log.latestEpoch
      if (latest === null) return
      const theirs = leader.endOfEpoch(latest)
      if (theirs === null) return this.truncate(leader.startOffset)
      const own = this.log.endOfEpoch(theirs.epoch)?.offset ?? this.log.startOffset
      this.truncate(theirs.offset < own ? theirs.offset : own)
      if (theirs.epoch === latest || this.log.latestEpoch === latest) return
    }
  }
}

function remember(producers: ProducerStates, batch: RecordBatch): void {
  if (batch.producerId < 0n) return
  if (!batch.control) {
    // Offsets in a transaction have no sequences.
    if (batch.baseSequence >= 0) producers.appended(batch)
    return
  }
  const [marker] = decodeRecords(batch)
  // Version (int16), then the coordinator's epoch.
  producers.marked(batch, marker?.value?.readInt32BE(2) ?? -1)
}
