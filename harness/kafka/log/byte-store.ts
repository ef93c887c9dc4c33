const CHUNK_BYTES_MIN = 1_024
const CHUNK_BYTES_MAX = 65_536
const NOTHING = Buffer.alloc(0)

/**
 * Keeps bytes for as long as a log does. Node would cut small copies from slabs that passing
 * buffers share, and one kept record would hold a slab of others' garbage; here only what is kept
 * lies together.
 */
export class ByteStore {
  #chunk: Buffer = NOTHING
  #used = 0

  /** A copy that nobody else writes to. */
  keep(bytes: Buffer): Buffer {
    const size = bytes.length
    if (size > CHUNK_BYTES_MAX / 4) {
      const own = Buffer.allocUnsafeSlow(size)
      bytes.copy(own)
      return own
    }
    if (this.#used + size > this.#chunk.length) {
      const next = Math.min(CHUNK_BYTES_MAX, Math.max(CHUNK_BYTES_MIN, this.#chunk.length * 2))
      // A small log stays in Node's own slabs, as memory of its own costs more than all that it
      // writes.
      const allocate = this.#chunk.length === 0 ? Buffer.allocUnsafe : Buffer.allocUnsafeSlow
      this.#chunk = allocate(Math.max(next, size))
      this.#used = 0
    }
    const copy = this.#chunk.subarray(this.#used, this.#used + size)
    bytes.copy(copy)
    this.#used += size
    return copy
  }
}
