import { encodeBatch } from '../../kafka/index.ts'
import type { ProbeAnswer } from '../../kafka/probe/index.ts'
import { deepError, offsetsIn, recordsIn, topError } from './answers.ts'
import { Producer, TOP_SEQUENCE } from './producer.ts'
import type { Step } from './script.ts'
import type { ScriptRun } from './script-run.ts'

interface Batch {
  readonly partition: number
  readonly count: number
  readonly version: number
  readonly by?: { readonly producer: Producer; readonly epoch: number; readonly sequence: number }
  readonly transactionalId?: string
}

/** Steps about records: written, read, deleted, and found by their times. */
export class LogSteps {
  readonly #run: ScriptRun
  /** Idempotent producers by their numbers in the script. */
  readonly producers: Map<number, Producer> = new Map()

  constructor(run: ScriptRun) {
    this.#run = run
  }

  async produce({ partition, count, version, by, transactionalId }: Batch): Promise<string> {
    const { topic, startedMs } = this.#run
    const records = encodeBatch({
      records: Array.from({ length: count }, (_, index) => ({
        timestamp: startedMs + BigInt(index),
        key: null,
        value: Buffer.from(`value-${index}`),
        headers: [],
      })),
      transactional: transactionalId !== undefined,
      ...(by === undefined
        ? {}
        : { producerId: by.producer.id, producerEpoch: by.epoch, baseSequence: by.sequence }),
    })
    const answer = await this.#run.ask('Produce', version, {
      transactionalId: transactionalId ?? null,
      acks: -1,
      timeoutMs: 5_000,
      topicData: [{ name: topic, partitionData: [{ index: partition, records }] }],
    })
    const error = deepError(answer)
    return error === 'NONE' ? `at ${offsetsIn(answer, 'baseOffset')}` : error
  }

  async newProducer({ producer, version }: Extract<Step, { do: 'new-producer' }>): Promise<string> {
    const body = { transactionalId: null, transactionTimeoutMs: 60_000 }
    const answer = await this.#run.patiently(() => this.#run.ask('InitProducerId', version, body), topError)
    if (!('failed' in answer) && topError(answer) === 'NONE')
      this.producers.set(producer, new Producer(answer))
    return topError(answer)
  }

  async idempotent(step: Extract<Step, { do: 'idempotent' }>): Promise<string> {
    const { partition, count, version } = step
    const producer = this.producers.get(step.producer)
    if (producer === undefined) return 'no producer'
    const { next, last } = producer.sequences(partition)
    const sequence = { next, again: last, gap: next + 5, first: 0, top: TOP_SEQUENCE }[step.sequence]
    const epoch = step.epoch === 'own' ? producer.epoch : producer.epoch - 1
    if (epoch < 0) return 'no older epoch'
    const seen = await this.produce({ partition, count, version, by: { producer, sequence, epoch } })
    if (seen.startsWith('at ') && step.sequence !== 'again') producer.wrote(partition, sequence, count)
    return seen
  }

  /** @param place a timestamp, or one of the negative numbers that stand for places */
  list(
    {
      partition,
      version = 2,
      committed = false,
    }: { partition: number; version?: number; committed?: boolean },
    place: bigint,
  ): Promise<ProbeAnswer<'ListOffsets'>> {
    return this.#run.ask('ListOffsets', version, {
      replicaId: -1,
      isolationLevel: committed ? 1 : 0,
      topics: [
        {
          name: this.#run.topic,
          partitions: [
            { partitionIndex: partition, currentLeaderEpoch: -1, timestamp: place, maxNumOffsets: 1 },
          ],
        },
      ],
    })
  }

  async listed(step: Extract<Step, { do: 'list-offsets' }>): Promise<string> {
    const { startedMs } = this.#run
    const place = { earliest: -2n, latest: -1n, time: startedMs + 1n, never: startedMs + 1_000_000_000n }
    const answer = await this.list(step, place[step.at])
    const error = deepError(answer)
    return error === 'NONE' ? `offset ${offsetsIn(answer, 'offset')}` : error
  }

  /** Where the partition starts and ends, for steps that say their places by them. */
  async #bounds(partition: number): Promise<{ start: bigint; end: bigint }> {
    const start = BigInt(offsetsIn(await this.list({ partition }, -2n), 'offset'))
    const end = BigInt(offsetsIn(await this.list({ partition }, -1n), 'offset'))
    return { start, end }
  }

  async fetch({ partition, from, committed, version }: Extract<Step, { do: 'fetch' }>): Promise<string> {
    const { start, end } = await this.#bounds(partition)
    const middle = (start + end) / 2n
    const fetchOffset = { start, end, middle, beyond: end + 3n, below: start - 1n }[from]
    const answer = await this.#run.ask('Fetch', version, {
      replicaId: -1,
      maxWaitMs: 50,
      minBytes: 1,
      maxBytes: 1_000_000,
      isolationLevel: committed ? 1 : 0,
      topics: [
        { topic: this.#run.topic, partitions: [{ partition, fetchOffset, partitionMaxBytes: 1_000_000 }] },
      ],
    })
    return recordsIn(answer, this.#run.ids)
  }

  async deleteRecords({ partition, upTo }: Extract<Step, { do: 'delete-records' }>): Promise<string> {
    const { start, end } = await this.#bounds(partition)
    const offset = { middle: (start + end) / 2n, end: -1n, beyond: end + 3n }[upTo]
    const answer = await this.#run.ask('DeleteRecords', 1, {
      topics: [{ name: this.#run.topic, partitions: [{ partitionIndex: partition, offset }] }],
      timeoutMs: 5_000,
    })
    const error = deepError(answer)
    return error === 'NONE' ? `starts at ${offsetsIn(answer, 'lowWatermark')}` : error
  }
}
