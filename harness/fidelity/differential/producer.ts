/** A producer's knowledge of itself. */
export class Producer {
  readonly id: bigint
  readonly epoch: number
  /** The next sequence, and that of the last batch, of each partition. */
  readonly #sequences: Map<number, { readonly next: number; readonly last: number }> = new Map()

  constructor({
    producerId,
    producerEpoch,
  }: { readonly producerId: bigint; readonly producerEpoch: number }) {
    this.id = producerId
    this.epoch = producerEpoch
  }

  sequences(partition: number): { readonly next: number; readonly last: number } {
    return this.#sequences.get(partition) ?? { next: 0, last: 0 }
  }

  /** A batch of so many records was written. */
  wrote(partition: number, sequence: number, count: number): void {
    this.#sequences.set(partition, { next: (sequence + count) % SEQUENCES, last: sequence })
  }
}

/** Sequences begin again at 0 after the highest one. */
const SEQUENCES = 2 ** 31
export const TOP_SEQUENCE = SEQUENCES - 1

/** Stands for a producer that the script has not made. */
export const NO_PRODUCER: Producer = new Producer({ producerId: -1n, producerEpoch: -1 })
