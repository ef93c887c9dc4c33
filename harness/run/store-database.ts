interface StoreRow {
  readonly value: unknown
  readonly version: number
}

/** The writes of a transaction; null deletes. */
export type Writes = ReadonlyMap<string, { readonly value: unknown } | null>

/** The database's rows, which outlive every process. Keys are `table\0key`. */
export class Database {
  readonly #rows: Map<string, StoreRow> = new Map()
  #version = 0

  read(key: string): StoreRow | undefined {
    return this.#rows.get(key)
  }

  /**
   * Applies the writes if nothing that was read has changed since: optimistic, and so serialisable.
   */
  commit(reads: ReadonlyMap<string, number>, writes: Writes): boolean {
    for (const [key, version] of reads) {
      if ((this.#rows.get(key)?.version ?? 0) !== version) return false
    }
    this.#version += 1
    for (const [key, write] of writes) {
      if (write === null) this.#rows.delete(key)
      else this.#rows.set(key, { value: structuredClone(write.value), version: this.#version })
    }
    return true
  }
}
