import type { SeenCluster } from '../cluster-parts.interface.ts'
import type { ProducerIdentity, TransactionPartition } from '../txn/transaction.ts'

/** How the leader of partitions asks the transaction's coordinator about them. */
export interface Joining {
  readonly partitions: readonly TransactionPartition[]
  /** Adds those that are missing (transactions of version 2), instead of refusing. */
  readonly adds: boolean
  /** The client knows TRANSACTION_ABORTABLE. */
  readonly knowsAbortable: boolean
  /**
   * Asks again for a while where something of this transaction is on its way into the log, or its
   * last end is.
   */
  readonly waits?: boolean
}

/**
 * The error for one of the partitions, as AddPartitionsToTxnManager and ReplicaManager make it, or
 * null.
 */
export type RefusalOf = (partition: TransactionPartition) => string | null

/** Errors of a moving coordinator, after which the broker tries again. */
const COORDINATOR_MOVES = ['NOT_COORDINATOR', 'COORDINATOR_LOAD_IN_PROGRESS', 'COORDINATOR_NOT_AVAILABLE']
/** `add.partitions.to.txn.retry.backoff.ms` and `.max.ms`. */
const RETRY_MS = 20
const RETRY_MAX_MS = 100

/**
 * Verification of KIP-890: nothing is written for a transaction that the coordinator does not know
 * of, so that none hangs.
 * @param joined once: when partitions that were added stand in the coordinator's log
 */
export function joinTransaction(
  { transactions, settings, clock }: Pick<SeenCluster, 'transactions' | 'settings' | 'clock'>,
  producer: ProducerIdentity & { readonly transactionalId: string; readonly process: string },
  { partitions, adds, knowsAbortable, waits = false }: Joining,
  joined: (refusalOf: RefusalOf) => void,
): void {
  const told = (error: string | null): string | null => refusalFor(error, { adds, knowsAbortable })
  const broker = (): number | null => transactions.brokerOf(producer.transactionalId)
  if (!adds) {
    if (!settings['transaction.partition.verification.enable']) return joined(() => null)
    return joined((partition) =>
      told(transactions.of(producer.transactionalId).verify({ ...producer, broker: broker() }, partition)),
    )
  }
  const untilMs = clock.nowMs() + RETRY_MAX_MS
  const add = (): void =>
    transactions
      .of(producer.transactionalId)
      .addPartitions({ ...producer, broker: broker(), version: 2 }, partitions, (error) => {
        if (waits && error === 'CONCURRENT_TRANSACTIONS' && clock.nowMs() < untilMs) {
          clock.after(RETRY_MS, add)
          return
        }
        const refusal = told(error)
        joined(() => refusal)
      })
  add()
}

function refusalFor(
  error: string | null,
  { adds, knowsAbortable }: Pick<Joining, 'adds' | 'knowsAbortable'>,
): string | null {
  if (error === null) return null
  if (error === 'PRODUCER_FENCED') return 'INVALID_PRODUCER_EPOCH'
  if (error === 'TRANSACTION_ABORTABLE') return knowsAbortable ? error : 'INVALID_TXN_STATE'
  const again = COORDINATOR_MOVES.includes(error) || (error === 'CONCURRENT_TRANSACTIONS' && !adds)
  return again ? 'NOT_ENOUGH_REPLICAS' : error
}

/** The error by which clients before KIP-588 know a fenced producer. */
export function fencedAs(
  error: string | null,
  { since, version }: { since: number; version: number },
): string {
  if (error === null) return 'NONE'
  return error === 'PRODUCER_FENCED' && version < since ? 'INVALID_PRODUCER_EPOCH' : error
}
