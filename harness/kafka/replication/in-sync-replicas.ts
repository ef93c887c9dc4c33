export interface InSyncOptions {
  readonly members: Iterable<number>
  /** `min.insync.replicas`, of as many replicas as there are. */
  readonly enough: () => number
  /** Whether replicas stay eligible to lead while fewer than enough are in sync (KIP-966). */
  readonly keepsEligible: boolean
}

/**
 * The replicas that may lead a partition, as the controller has it (Kafka's
 * PartitionChangeBuilder): the in-sync replicas; and, where KIP-966 is on and none is left of them,
 * those that dropped out since fewer than `min.insync.replicas` are in sync. As the high watermark
 * stands still from then on, each of these has all that is committed, unless its broker came back
 * from a shutdown that was not clean. Without KIP-966 the last one stays in sync although it is
 * gone.
 */
export class InSyncReplicas {
  readonly #options: InSyncOptions
  #members: Set<number>
  readonly #eligible: Set<number> = new Set()
  /**
   * The leader when the last replica dropped out of sync; it may lead although it may have lost
   * something.
   */
  #lastKnownLeader: number | null = null

  constructor(options: InSyncOptions) {
    this.#options = options
    this.#members = new Set(options.members)
  }

  get members(): ReadonlySet<number> {
    return this.#members
  }

  get eligible(): ReadonlySet<number> {
    return this.#eligible
  }

  /** `LastKnownElr`. */
  get lastKnownLeader(): number | null {
    return this.#lastKnownLeader
  }

  get tooFew(): boolean {
    return this.#members.size < this.#options.enough()
  }

  mayLead(broker: number): boolean {
    return this.#members.has(broker) || (this.#members.size === 0 && this.#eligible.has(broker))
  }

  /** Whether this one, and no other, may lead as a last resort. */
  mayLeadAtLast(broker: number): boolean {
    return this.#members.size === 0 && this.#eligible.size === 0 && this.#lastKnownLeader === broker
  }

  /** These replicas are gone, or have been behind for too long. */
  remove(brokers: readonly number[]): void {
    const before = this.#members
    const after = new Set([...before].filter((broker) => !brokers.includes(broker)))
    const { keepsEligible } = this.#options
    if (after.size === 0 && !keepsEligible) return
    this.#members = after
    if (keepsEligible && this.tooFew)
      for (const broker of before) if (!after.has(broker)) this.#eligible.add(broker)
    this.#clearIfEnough()
  }

  add(broker: number): void {
    this.#members.add(broker)
    this.#eligible.delete(broker)
    this.#clearIfEnough()
  }

  /** These brokers have no replicas any longer. */
  forget(brokers: readonly number[]): void {
    for (const broker of brokers) {
      this.#members.delete(broker)
      this.#eligible.delete(broker)
    }
  }

  /** Its broker is back, and was not shut down cleanly: it may lack what it had. */
  isBack(broker: number): void {
    this.#eligible.delete(broker)
  }

  /** @param former the leader until now */
  elected(broker: number | null, former: number | null): void {
    if (broker !== null) {
      if (this.#members.size === 0) this.add(broker)
      this.#lastKnownLeader = null
    } else if (this.#members.size === 0) this.#lastKnownLeader ??= former
  }

  /** The others may have what it lacks. */
  electedUncleanly(broker: number): void {
    this.#members = new Set([broker])
    this.#eligible.clear()
    this.#lastKnownLeader = null
  }

  #clearIfEnough(): void {
    if (!this.tooFew) this.#eligible.clear()
  }
}
