import type { ProducerIdentity } from './transaction.ts'

/** Who asks, and where. */
export interface Asking {
  readonly transactionalId: string
  /** The broker that was asked. */
  readonly broker: number | null
  readonly process: string | null
}

export type AskingProducer = Asking & ProducerIdentity
