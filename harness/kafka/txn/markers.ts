import type { Stream } from '../../core/seed.ts'
import type { ClusterHost } from '../cluster-host.interface.ts'
import type { Coordinators } from '../group/coordinators.ts'
import { OFFSETS_TOPIC } from '../group/offsets-topic.ts'
import type { TransactionalOffsets } from '../group/transactional-offsets.ts'
import type { PartitionReplicas } from '../replication/partition-replicas.ts'
import type { Topics } from '../topics/topics.ts'
import {
  REQUEST_TIMEOUT_MS,
  type Transaction,
  type TransactionOutcome,
  type TransactionPartition,
} from './transaction.ts'

/**
 * How long a coordinator waits before it sends a marker again that found no leader, or was not
 * replicated.
 */
const RETRY_MS = 100

export interface MarkerHost extends ClusterHost {
  readonly topics: Topics
  readonly coordinators: Coordinators
  readonly transactionalOffsets: TransactionalOffsets
}

/** One transaction's markers on their way, each to its partition in its own time. */
interface MarkerDelivery {
  readonly producerId: bigint
  readonly producerEpoch: number
  readonly outcome: TransactionOutcome
  readonly coordinatorEpoch: number
  left: number
  dropped: boolean
  /** All replicas in sync have this one. */
  readonly written: (partition: TransactionPartition) => void
  readonly done: () => void
}

/**
 * Writes the markers that end a transaction (KAFKA.md X3): partition by partition, with delays of
 * their own. A marker counts when the partition's in-sync replicas have it; one that its leader
 * loses before that is written again (WriteTxnMarkers appends with acks all,
 * TransactionMarkerRequestCompletionHandler).
 */
export class Markers {
  readonly #cluster: MarkerHost
  readonly #random: Stream
  readonly #deliveries: Map<Transaction, MarkerDelivery> = new Map()

  constructor(cluster: MarkerHost) {
    this.#cluster = cluster
    this.#random = cluster.chance.stream('transaction-markers')
  }

  send(
    transaction: Transaction,
    {
      outcome,
      coordinatorEpoch,
      written,
    }: {
      outcome: TransactionOutcome
      coordinatorEpoch: number
      written: (partition: TransactionPartition) => void
    },
    done: () => void,
  ): void {
    const { producerId, producerEpoch, partitions } = transaction
    if (partitions.size === 0) return done()
    const delivery: MarkerDelivery = {
      producerId,
      producerEpoch,
      outcome,
      coordinatorEpoch,
      left: partitions.size,
      dropped: false,
      written,
      done: () => {
        this.#deliveries.delete(transaction)
        done()
      },
    }
    this.#deliveries.set(transaction, delivery)
    for (const partition of partitions.values()) this.#later(delivery, partition, this.#delayMs())
  }

  /** The coordinator is gone; what it had not written, the next one writes. */
  drop(transaction: Transaction): void {
    const delivery = this.#deliveries.get(transaction)
    if (delivery === undefined) return
    delivery.dropped = true
    this.#deliveries.delete(transaction)
  }

  #delayMs(): number {
    const { settings } = this.#cluster
    const least = settings['onceover.transaction.marker.min.ms']
    return this.#random.between(least, Math.max(least, settings['onceover.transaction.marker.max.ms']))
  }

  #later(delivery: MarkerDelivery, partition: TransactionPartition, delayMs: number): void {
    this.#cluster.clock.after(delayMs, () => {
      if (delivery.dropped) return
      const written = (isWritten: boolean): void => {
        if (delivery.dropped) return
        if (!isWritten) return this.#later(delivery, partition, RETRY_MS)
        delivery.left -= 1
        delivery.written(partition)
        if (delivery.left === 0) delivery.done()
      }
      if (partition.topic === OFFSETS_TOPIC) this.#decideOffsets(delivery, partition, written)
      else this.#append(delivery, partition, written)
    })
  }

  #append(
    { producerId, producerEpoch, outcome, coordinatorEpoch }: MarkerDelivery,
    { topic, partition }: TransactionPartition,
    written: (isWritten: boolean) => void,
  ): void {
    const found = this.#cluster.topics.partition(topic, partition)
    // Its topic has been deleted: nothing is left to decide.
    if (found === undefined) return written(true)
    const { leader, log, replicas } = found
    if (leader === null || replicas?.tooFew === true) return written(false)
    const timestamp = BigInt(this.#cluster.clock.nowMs())
    const batch = log.appendMarker({ producerId, producerEpoch, outcome, coordinatorEpoch, timestamp })
    found.producers.marked(batch, coordinatorEpoch)
    const offset = batch.baseOffset
    this.#cluster.observe({ kind: 'marker', topic, partition, offset, producerId, producerEpoch, outcome })
    log.wake()
    if (replicas === null) written(true)
    else this.#whenReplicated(replicas, log.endOffset, written)
  }

  #whenReplicated(
    replicas: PartitionReplicas,
    endOffset: bigint,
    written: (isWritten: boolean) => void,
  ): void {
    const timer = this.#cluster.clock.after(REQUEST_TIMEOUT_MS, () => {
      forget()
      written(false)
    })
    const forget = replicas.whenReplicated(endOffset, (error) => {
      timer.cancel()
      written(error === null)
    })
  }

  #decideOffsets(
    { producerId, producerEpoch, outcome, coordinatorEpoch }: MarkerDelivery,
    { partition }: TransactionPartition,
    written: (isWritten: boolean) => void,
  ): void {
    const { coordinators, transactionalOffsets } = this.#cluster
    const groups = transactionalOffsets.groupsOf(partition, producerId)
    const marker = { kind: 'marker', producerId, producerEpoch, outcome, coordinatorEpoch } as const
    coordinators.current.mark(partition, marker, (offset) => {
      if (offset === null) return written(false)
      this.#cluster.observe({
        kind: 'marker',
        topic: OFFSETS_TOPIC,
        partition,
        offset,
        producerId,
        producerEpoch,
        outcome,
        groups,
      })
      written(true)
    })
  }
}
