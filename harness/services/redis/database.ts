export type RedisValue = string | Map<string, string> | Set<string> | string[]
export type RedisType = 'string' | 'hash' | 'set' | 'list'

interface DatabaseEntry {
  value: RedisValue
  /** Virtual Unix milliseconds; null: it stays. */
  expiresAtMs: number | null
}

/** A command can't be done; the message is what Redis answers. */
export class RedisFailure extends Error {}

const WRONG_TYPE = 'WRONGTYPE Operation against a key holding the wrong kind of value'

/** Keys and values, of which some expire in virtual time. */
export class RedisDatabase {
  readonly #entries: Map<string, DatabaseEntry> = new Map()
  /** How often each key was changed: what WATCH compares. */
  readonly #versions: Map<string, number> = new Map()
  readonly #nowMs: () => number
  /** How often anything was changed. */
  changes = 0

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs
  }

  get nowMs(): number {
    return this.#nowMs()
  }

  versionOf(key: string): number {
    // A key that has expired is another than it was.
    this.#entry(key)
    return this.#versions.get(key) ?? 0
  }

  keys(): readonly string[] {
    return [...this.#entries.keys()].filter((key) => this.#entry(key) !== undefined)
  }

  typeOf(key: string): RedisType | 'none' {
    const value = this.#entry(key)?.value
    if (value === undefined) return 'none'
    if (typeof value === 'string') return 'string'
    return value instanceof Map ? 'hash' : value instanceof Set ? 'set' : 'list'
  }

  text(key: string): string | null {
    const value = this.#entry(key)?.value
    if (value === undefined) return null
    if (typeof value !== 'string') throw new RedisFailure(WRONG_TYPE)
    return value
  }

  hash(key: string): ReadonlyMap<string, string> {
    const value = this.#entry(key)?.value ?? new Map<string, string>()
    if (!(value instanceof Map)) throw new RedisFailure(WRONG_TYPE)
    return value
  }

  set(key: string): ReadonlySet<string> {
    const value = this.#entry(key)?.value ?? new Set<string>()
    if (!(value instanceof Set)) throw new RedisFailure(WRONG_TYPE)
    return value
  }

  list(key: string): readonly string[] {
    const value = this.#entry(key)?.value ?? []
    if (!Array.isArray(value)) throw new RedisFailure(WRONG_TYPE)
    return value
  }

  /** The value stays until it expires, by default when the one before it would have. */
  put(
    key: string,
    value: RedisValue,
    expiresAtMs: number | null = this.#entry(key)?.expiresAtMs ?? null,
  ): void {
    this.#touch(key)
    const empty = typeof value !== 'string' && (Array.isArray(value) ? value.length : value.size) === 0
    if (empty) this.#entries.delete(key)
    else this.#entries.set(key, { value, expiresAtMs })
  }

  delete(key: string): boolean {
    if (this.#entry(key) === undefined) return false
    this.#touch(key)
    return this.#entries.delete(key)
  }

  /** @throws RedisFailure where there is no such key */
  rename(from: string, to: string): void {
    const entry = this.#entry(from)
    if (entry === undefined) throw new RedisFailure('ERR no such key')
    if (from === to) return
    this.delete(from)
    this.#touch(to)
    this.#entries.set(to, entry)
  }

  /** Undefined: there is no such key; null: it stays. */
  expiryOf(key: string): number | null | undefined {
    return this.#entry(key)?.expiresAtMs
  }

  expire(key: string, atMs: number | null): boolean {
    const entry = this.#entry(key)
    if (entry === undefined) return false
    this.#touch(key)
    entry.expiresAtMs = atMs
    return true
  }

  #entry(key: string): DatabaseEntry | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined || entry.expiresAtMs === null || entry.expiresAtMs > this.#nowMs()) return entry
    this.#entries.delete(key)
    this.#touch(key)
    return undefined
  }

  #touch(key: string): void {
    this.changes += 1
    this.#versions.set(key, (this.#versions.get(key) ?? 0) + 1)
  }
}
