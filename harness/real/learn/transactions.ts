import type { Observation, TopicPartition } from '../../core/history.ts'
import { parsePartitionName, partitionName } from '../../core/names.ts'
import type { RequestBody } from '../../kafka/index.ts'
import { type Exchange, type ExchangeOf, isOf } from '../gate/exchange.ts'

/** The version from which a request adds partitions to any number of transactions. */
const SEVERAL_FROM = 4

type ToldPhase = Extract<Observation, { kind: 'transaction' }>['phase']

interface LearntTransaction {
  readonly transactionalId: string
  readonly process: string
  readonly producerId: bigint
  readonly producerEpoch: number
  readonly partitions: Set<string>
  /** Set once somebody has asked for its end. */
  outcome: 'commit' | 'abort' | null
}

/** A transaction whose markers are to be looked for. */
export interface EndingTransaction {
  readonly producerId: bigint
  readonly partitions: readonly TopicPartition[]
  /**
   * Its markers are told: so is its end. Null: it has no partitions, and its end is the one that
   * was asked for.
   */
  ended(outcome: 'commit' | 'abort' | null): void
}

/**
 * Transactions as their coordinator's answers tell of them. Markers are in the logs, and are read
 * there.
 */
export class LearntTransactions {
  readonly #observe: (observation: Observation) => void
  /** By transactional id. */
  readonly #open: Map<string, LearntTransaction> = new Map()
  readonly #ending: LearntTransaction[] = []

  constructor(observe: (observation: Observation) => void) {
    this.#observe = observe
  }

  /** Some have begun and not ended. */
  get open(): number {
    return this.#open.size + this.#ending.length
  }

  applied(exchange: Exchange): void {
    const { process } = exchange
    if (isOf(exchange, 'InitProducerId')) this.#initialised(exchange)
    if (isOf(exchange, 'AddPartitionsToTxn')) this.#added(exchange)
    if (isOf(exchange, 'AddOffsetsToTxn') && exchange.request !== null)
      this.#begin({ ...exchange.request, process })
    if (isOf(exchange, 'EndTxn') && exchange.request !== null)
      this.#end(exchange.request.transactionalId, exchange.request.committed ? 'commit' : 'abort')
  }

  /**
   * Those that ended since the last call; with `all`, also those that nobody has ended: a
   * coordinator may have.
   */
  takeEnding(all = false): EndingTransaction[] {
    const ending = this.#ending.splice(0)
    if (all) for (const id of [...this.#open.keys()]) ending.push(...this.#taken(id))
    return ending.map((transaction) => ({
      producerId: transaction.producerId,
      partitions: [...transaction.partitions].flatMap((name) => parsePartitionName(name) ?? []),
      ended: (outcome) => {
        const told = outcome ?? transaction.outcome
        if (told !== null) this.#tell(transaction, told === 'commit' ? 'committed' : 'aborted')
      },
    }))
  }

  #initialised({ request, answer, process }: ExchangeOf<'InitProducerId'>): void {
    const id = request?.transactionalId ?? null
    if (id === null || answer === null) return
    const { producerId, producerEpoch } = answer
    // A transaction that the id's last owner left open is aborted before a new one is let in.
    for (const left of this.#taken(id)) {
      left.outcome = 'abort'
      this.#tell(left, 'prepare-abort')
      this.#ending.push(left)
    }
    this.#observe({
      kind: 'transaction',
      process,
      transactionalId: id,
      producerId,
      producerEpoch,
      phase: 'initialised',
    })
  }

  #added({ request, version, process }: ExchangeOf<'AddPartitionsToTxn'>): void {
    for (const { topics, ...added } of request === null ? [] : addedBy(request, version)) {
      const transaction = this.#begin({ ...added, process })
      for (const { name, partitions } of topics)
        for (const partition of partitions)
          transaction.partitions.add(partitionName({ topic: name, partition }))
    }
  }

  #begin(begun: Omit<LearntTransaction, 'partitions' | 'outcome'>): LearntTransaction {
    const { transactionalId: id, process, producerId, producerEpoch } = begun
    const known = this.#open.get(id)
    if (known !== undefined) return known
    const made: LearntTransaction = {
      transactionalId: id,
      process,
      producerId,
      producerEpoch,
      partitions: new Set(),
      outcome: null,
    }
    this.#open.set(id, made)
    this.#tell(made, 'began')
    return made
  }

  #end(id: string, outcome: 'commit' | 'abort'): void {
    for (const transaction of this.#taken(id)) {
      transaction.outcome = outcome
      this.#tell(transaction, outcome === 'commit' ? 'prepare-commit' : 'prepare-abort')
      this.#ending.push(transaction)
    }
  }

  #taken(id: string): LearntTransaction[] {
    const transaction = this.#open.get(id)
    this.#open.delete(id)
    return transaction === undefined ? [] : [transaction]
  }

  #tell({ process, transactionalId, producerId, producerEpoch }: LearntTransaction, phase: ToldPhase): void {
    this.#observe({ kind: 'transaction', process, transactionalId, producerId, producerEpoch, phase })
  }
}

type AddedPartitions = Pick<
  RequestBody<'AddPartitionsToTxn'>['transactions'][number],
  'transactionalId' | 'producerId' | 'producerEpoch' | 'topics'
>

/** The partitions by transaction: older versions have one, in fields of its own. */
function addedBy(request: RequestBody<'AddPartitionsToTxn'>, version: number): readonly AddedPartitions[] {
  if (version >= SEVERAL_FROM) return request.transactions.filter(({ verifyOnly }) => !verifyOnly)
  return [
    {
      transactionalId: request.v3AndBelowTransactionalId,
      producerId: request.v3AndBelowProducerId,
      producerEpoch: request.v3AndBelowProducerEpoch,
      topics: request.v3AndBelowTopics,
    },
  ]
}
