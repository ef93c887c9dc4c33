/** The brokers that have a partition's replicas, and where they are going (KIP-455). Broker ids. */
export interface Placement {
  /** The preferred leader first; those that come and those that go included. */
  readonly replicas: readonly number[]
  readonly adding: readonly number[]
  readonly removing: readonly number[]
}

const without = (brokers: readonly number[], others: readonly number[]): readonly number[] =>
  brokers.filter((broker) => !others.includes(broker))

/** A move begins: those that are wanted, then those that go once all of these are in sync. */
export function reassigned({ replicas, ...before }: Placement, wanted: readonly number[]): Placement {
  const removing = without(replicas, wanted).toSorted((one, other) => one - other)
  const adding = without(wanted, replicas).toSorted((one, other) => one - other)
  return {
    replicas: [...wanted, ...removing],
    // Kafka's controller replaces what a move before had to do only where there is something to do.
    adding: adding.length > 0 ? adding : before.adding,
    removing: removing.length > 0 ? removing : before.removing,
  }
}

/**
 * The replicas that remain once all of them are in sync; null while the move goes on, or where
 * there is none.
 */
export function completed(
  { replicas, adding, removing }: Placement,
  inSync: ReadonlySet<number>,
): Placement | null {
  if (adding.length === 0 && removing.length === 0) return null
  const staying = without(replicas, removing)
  const done = staying.length > 0 && staying.every((broker) => inSync.has(broker))
  return done ? { replicas: staying, adding: [], removing: [] } : null
}

/** The move is given up: those that came go again. */
export function reverted({ replicas, adding }: Placement): Placement {
  return { replicas: without(replicas, adding), adding: [], removing: [] }
}
