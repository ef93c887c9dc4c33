import type { SeenCluster } from '../cluster-parts.interface.ts'
import type { ProducerIdentity, TransactionPartition } from '../txn/transaction.ts'

/** How the leader of a partition asks the transaction's coordinator about it. */
export interface Joining {
  readonly partition: TransactionPartition
  /** Adds the partition where it is missing (transactions of version 2), instead of refusing. */
  readonly adds: boolean
  /** The client knows TRANSACTION_ABORTABLE. */
  readonly knowsAbortable: boolean
}

/** Whoever asks a coordinator that is moving tries again. */
const COORDINATOR_MOVES = ['NOT_COORDINATOR', 'COORDINATOR_LOAD_IN_PROGRESS', 'COORDINATOR_NOT_AVAILABLE']

/**
 * Verification of KIP-890: nothing is written for a transaction that the coordinator does not know of, so that none hangs.
 * @returns the error, as AddPartitionsToTxnManager and ReplicaManager make it, or null
 */
export function joinTransaction(
  { transactions, settings }: Pick<SeenCluster, 'transactions' | 'settings'>,
  producer: ProducerIdentity & { readonly transactionalId: string; readonly process: string },
  { partition, adds, knowsAbortable }: Joining,
): string | null {
  if (!adds && !settings['transaction.partition.verification.enable']) return null
  const asking = { ...producer, broker: transactions.brokerOf(producer.transactionalId) }
  let error: string | null = null
  if (adds) {
    transactions.addPartitions({ ...asking, version: 2 }, [partition], (refusal) => {
      error = refusal
    })
  } else {
    error = transactions.verify(asking, partition)
  }
  if (error === null) return null
  if (error === 'PRODUCER_FENCED') return 'INVALID_PRODUCER_EPOCH'
  if (error === 'TRANSACTION_ABORTABLE') return knowsAbortable ? error : 'INVALID_TXN_STATE'
  const again = COORDINATOR_MOVES.includes(error) || (error === 'CONCURRENT_TRANSACTIONS' && !adds)
  return again ? 'NOT_ENOUGH_REPLICAS' : error
}

/** What clients of before KIP-588 call a fenced producer. */
export function fencedAs(
  error: string | null,
  { since, version }: { since: number; version: number },
): string {
  if (error === null) return 'NONE'
  return error === 'PRODUCER_FENCED' && version < since ? 'INVALID_PRODUCER_EPOCH' : error
}
