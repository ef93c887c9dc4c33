import type { ProducerIdentity } from './transaction.ts'

/** The producer that asks, and the broker that it asks. */
export interface Asking {
  readonly transactionalId: string
  /** The broker that was asked. */
  readonly broker: number | null
  readonly process: string | null
}

export type AskingProducer = Asking & ProducerIdentity
