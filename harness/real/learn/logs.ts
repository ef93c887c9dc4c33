import type { Observation, TopicPartition } from '../../core/history.ts'
import { brokerName, parsePartitionName, partitionName } from '../../core/names.ts'
import { decodeRecords, markerOutcome, type RecordBatch, readBatches } from '../../kafka/index.ts'
import type { ExchangeOf } from '../gate/exchange.ts'

/**
 * The records and markers of the logs, learnt from what was produced and fetched: each is observed
 * once.
 */
export class LearntLogs {
  readonly #observe: (observation: Observation) => void
  readonly #topicName: (id: string) => string | undefined
  /** Offsets that were told, by partition. */
  readonly #told: Map<string, Set<bigint>> = new Map()
  /**
   * The outcome of each producer's last transaction, by partition and producer; none while it has
   * records since.
   */
  readonly #decided: Map<string, 'commit' | 'abort'> = new Map()

  constructor(options: {
    observe(observation: Observation): void
    topicName(id: string): string | undefined
  }) {
    this.#observe = options.observe
    this.#topicName = options.topicName
  }

  /** The harness's own records, or what a process produced. */
  appended(at: TopicPartition, baseOffset: bigint, batch: RecordBatch, process: string | null): void {
    const { producerId, producerEpoch, transactional } = batch
    const producer = producerId < 0n ? null : { id: producerId, epoch: producerEpoch, transactional }
    if (transactional && this.#isUntold(at, baseOffset))
      this.#decided.delete(`${partitionName(at)} ${producerId}`)
    for (const { offset: inBatch, key, value } of decodeRecords(batch)) {
      const offset = baseOffset + (inBatch - batch.baseOffset)
      if (!this.#isNew(at, offset)) continue
      const texts = { key: key?.toString() ?? null, value: value?.toString() ?? null }
      this.#observe({ kind: 'append', process, ...at, offset, ...texts, producer })
    }
  }

  produced({ request, answer, process }: ExchangeOf<'Produce'>): void {
    const bases = new Map<string, bigint>()
    for (const { name, topicId, partitionResponses } of answer?.responses ?? []) {
      const topic = this.nameOf(name, topicId)
      for (const { index, errorCode, baseOffset } of partitionResponses)
        if (errorCode === 0) bases.set(partitionName({ topic, partition: index }), baseOffset)
    }
    for (const { name, topicId, partitionData } of request?.topicData ?? []) {
      for (const { index, records } of partitionData) {
        const at = { topic: this.nameOf(name, topicId), partition: index }
        let base = bases.get(partitionName(at))
        if (base === undefined || records === null) continue
        for (const batch of readBatches(records)) {
          this.appended(at, base, batch, process)
          base += batch.lastOffset - batch.baseOffset + 1n
        }
      }
    }
  }

  fetched({ answer, broker, process, incarnation }: ExchangeOf<'Fetch'>): void {
    for (const { topic: name, topicId, partitions } of answer?.responses ?? []) {
      for (const { partitionIndex, highWatermark, lastStableOffset, records } of partitions) {
        const at = { topic: this.nameOf(name, topicId), partition: partitionIndex }
        const batches = records === null ? [] : readBatches(records)
        const [first, last] = [batches[0], batches.at(-1)]
        if (first === undefined || last === undefined) continue
        this.read(at, batches)
        this.#observe({
          kind: 'fetched',
          broker: brokerName(broker),
          ...at,
          fetchOffset: first.baseOffset,
          highWatermark,
          lastStableOffset,
          firstOffset: first.baseOffset,
          lastOffset: last.lastOffset,
          process,
          incarnation,
        })
      }
    }
  }

  /** Batches that a client read there, from the beginning of a batch on. */
  read(at: TopicPartition, batches: readonly RecordBatch[]): void {
    for (const batch of batches) {
      const outcome = markerOutcome(batch)
      if (outcome === null) this.appended(at, batch.baseOffset, batch, null)
      else if (this.#isNew(at, batch.baseOffset)) {
        const { producerId, producerEpoch, baseOffset: offset } = batch
        this.#decided.set(`${partitionName(at)} ${producerId}`, outcome)
        this.#observe({ kind: 'marker', ...at, offset, producerId, producerEpoch, outcome })
      }
    }
  }

  /**
   * How the producer's last transaction ended in this partition; null where all of it is still
   * open.
   */
  outcomeOf(at: TopicPartition, producerId: bigint): 'commit' | 'abort' | null {
    return this.#decided.get(`${partitionName(at)} ${producerId}`) ?? null
  }

  /** All records of the topic are gone: offsets begin again. */
  deleted(topic: string): void {
    for (const name of this.#told.keys()) {
      const at = parsePartitionName(name)
      if (at?.topic !== topic) continue
      this.#told.delete(name)
      this.#observe({ kind: 'truncated', ...at, offset: 0n, reason: 'the topic was deleted' })
    }
    this.#observe({ kind: 'topic-deleted', topic })
  }

  #isUntold(at: TopicPartition, offset: bigint): boolean {
    return this.#told.get(partitionName(at))?.has(offset) !== true
  }

  #isNew(at: TopicPartition, offset: bigint): boolean {
    const name = partitionName(at)
    const told = this.#told.get(name) ?? new Set()
    this.#told.set(name, told)
    if (told.has(offset)) return false
    told.add(offset)
    return true
  }

  /** Newer versions name topics by their ids alone. */
  nameOf(name: string, id: string): string {
    return name || this.#topicName(id) || id
  }
}
