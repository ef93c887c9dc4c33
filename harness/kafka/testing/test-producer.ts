import type { Call } from '../probe/call.ts'
import type { Line } from '../probe/line.ts'
import type { ProbeWorld } from '../probe/world.ts'
import { encodeBatch, errorName, markerOutcome, type RequestDraft, readBatches } from '../wire/index.ts'
import { GROUP } from './harness.ts'

export interface ProducerVersions {
  readonly init?: number
  readonly add?: number
  readonly offsets?: number
  readonly produce?: number
  readonly end?: number
}

/** One transactional producer; it follows its coordinator unless told otherwise. */
export class TestProducer {
  readonly transactionalId: string
  producerId = -1n
  producerEpoch = -1
  readonly sequences: Map<string, number> = new Map()
  readonly #world: ProbeWorld
  readonly #process: string
  readonly #versions: Required<ProducerVersions>

  constructor(
    world: ProbeWorld,
    transactionalId: string,
    { process = 'producer-0', ...versions }: { process?: string } & ProducerVersions = {},
  ) {
    this.#world = world
    this.#process = process
    this.transactionalId = transactionalId
    this.#versions = { init: 1, add: 1, offsets: 1, produce: 7, end: 1, ...versions }
  }

  get coordinator(): Line {
    const broker = this.#world.cluster.admin.transactionCoordinator(this.transactionalId) ?? 0
    return this.#world.connect(this.#process, broker)
  }

  get identity(): { transactionalId: string; producerId: bigint; producerEpoch: number } {
    const { transactionalId, producerId, producerEpoch } = this
    return { transactionalId, producerId, producerEpoch }
  }

  /** Asks once. */
  tryInit(body: RequestDraft<'InitProducerId'> = {}): string {
    const call = this.coordinator.call('InitProducerId', this.#versions.init, {
      transactionalId: this.transactionalId,
      transactionTimeoutMs: 60_000,
      ...body,
    })
    if (call.error !== 'NONE') return call.error
    this.producerId = call.answer.producerId
    this.producerEpoch = call.answer.producerEpoch
    this.sequences.clear()
    return 'NONE'
  }

  /** Asks until it is not told to wait. */
  init(body: RequestDraft<'InitProducerId'> = {}): this {
    for (let tries = 0; tries < 100; tries += 1) {
      const error = this.tryInit(body)
      if (error === 'NONE') return this
      if (error !== 'CONCURRENT_TRANSACTIONS') throw new Error(`InitProducerId: ${error}`)
      this.#world.clock.advance(10)
    }
    throw new Error('InitProducerId: CONCURRENT_TRANSACTIONS for ever')
  }

  add(partitions: readonly number[] = [0], topic = 't'): string {
    const { transactionalId, producerId, producerEpoch } = this
    const call = this.coordinator.call('AddPartitionsToTxn', this.#versions.add, {
      v3AndBelowTransactionalId: transactionalId,
      v3AndBelowProducerId: producerId,
      v3AndBelowProducerEpoch: producerEpoch,
      v3AndBelowTopics: [{ name: topic, partitions }],
      transactions: [],
    })
    return call.answer.resultsByTopicV3AndBelow.flatMap(errorsOf).join()
  }

  produce(value: string, where: { partition?: number; topic?: string; acks?: number } = {}): string {
    const { partition = 0, topic = 't' } = where
    const key = `${topic}/${partition}`
    const error = this.send(value, where).errors.join()
    if (error === 'NONE') this.sequences.set(key, (this.sequences.get(key) ?? 0) + 1)
    return error
  }

  /**
   * Sends a record; the answer may come later, and the next one goes by what was answered before.
   */
  send(value: string, { partition = 0, topic = 't', acks = -1 } = {}): Call<'Produce'> {
    const baseSequence = this.sequences.get(`${topic}/${partition}`) ?? 0
    const { producerId, producerEpoch } = this
    const records = encodeBatch({
      transactional: true,
      producerId,
      producerEpoch,
      baseSequence,
      records: [{ timestamp: BigInt(this.#world.clock.nowMs()), key: null, value: Buffer.from(value) }],
    })
    const broker = this.#world.cluster.admin.leader(topic, partition) ?? 0
    return this.#world.connect(this.#process, broker).call('Produce', this.#versions.produce, {
      transactionalId: this.transactionalId,
      acks,
      timeoutMs: 1_000,
      topicData: [{ name: topic, partitionData: [{ index: partition, records }] }],
    })
  }

  addOffsets(groupId = GROUP): string {
    return this.coordinator.call('AddOffsetsToTxn', this.#versions.add, { ...this.identity, groupId }).error
  }

  commitOffset(offset: bigint, body: RequestDraft<'TxnOffsetCommit'> = {}, topic = 't'): string {
    const groupId = body.groupId ?? GROUP
    const broker = this.#world.cluster.admin.coordinator(groupId) ?? 0
    return this.#world
      .connect(this.#process, broker)
      .call('TxnOffsetCommit', this.#versions.offsets, {
        ...this.identity,
        groupId,
        topics: [
          {
            name: topic,
            partitions: [{ partitionIndex: 0, committedOffset: offset, committedMetadata: null }],
          },
        ],
        ...body,
      })
      .errors.join()
  }

  end(committed: boolean): string {
    const call = this.coordinator.call('EndTxn', this.#versions.end, { ...this.identity, committed })
    if (this.#versions.end >= 5 && call.error === 'NONE') {
      this.producerId = call.answer.producerId
      this.producerEpoch = call.answer.producerEpoch
      this.sequences.clear()
    }
    return call.error
  }
}

function errorsOf({
  resultsByPartition,
}: {
  readonly resultsByPartition: readonly { readonly partitionErrorCode: number }[]
}): string[] {
  return resultsByPartition.map(({ partitionErrorCode }) => errorName(partitionErrorCode))
}

/**
 * The records that a reader gets of a partition, markers included: `value@offset`, `commit@offset`.
 */
export function read(
  world: ProbeWorld,
  { offset = 0n, committed = true, partition = 0, topic = 't', bytes = 1_000_000 } = {},
): { batches: string[]; aborted: string[]; lastStable: unknown; highWatermark: unknown } {
  const broker = world.cluster.admin.leader(topic, partition) ?? 0
  const asked = { partition, fetchOffset: offset, partitionMaxBytes: bytes }
  const call = world.connect('reader', broker).call('Fetch', 11, {
    maxWaitMs: 0,
    minBytes: 0,
    maxBytes: 1_000_000,
    isolationLevel: committed ? 1 : 0,
    topics: [{ topic, partitions: [asked] }],
    rackId: '',
  })
  const found = call.answer.responses[0]?.partitions[0]
  return {
    batches: readBatches(found?.records ?? Buffer.alloc(0)).map(
      (batch) => `${markerOutcome(batch) ?? 'records'}@${batch.baseOffset}`,
    ),
    aborted: (found?.abortedTransactions ?? []).map(
      ({ producerId, firstOffset }) => `${producerId}@${firstOffset}`,
    ),
    lastStable: found?.lastStableOffset,
    highWatermark: found?.highWatermark,
  }
}
