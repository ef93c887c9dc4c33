const SIZE_BYTES = 4
/** A size is an int32: without another limit every size but a negative one will do. */
const FRAME_BYTES_MAX = 2 ** 31 - 1
/** A frame up to this gets its whole buffer at once, a larger one as it arrives. */
const AT_ONCE_BYTES_MAX = 64 * 1024

/**
 * Frames out of bytes that may be cut anywhere. The beginning of a frame is copied into a buffer of
 * its own, which grows with what has arrived, by doubling, and not with the size that was
 * announced: what a frame costs grows with its size, not with the number of its parts, and what was
 * given to `add` without a frame coming of it may be let go.
 */
export class FrameSplitter {
  readonly #frameBytesMax: number
  /** The beginning of a frame that is not whole, with its size prefix. */
  #begun: Buffer<ArrayBuffer> | null = null
  #begunBytes = 0
  /** With its size prefix; of less than that prefix nothing else is known. */
  #wanted = SIZE_BYTES

  constructor(frameBytesMax = FRAME_BYTES_MAX) {
    this.#frameBytesMax = frameBytesMax
  }

  /**
   * The frames that are whole now, without their size prefixes; null where a size is negative or
   * too large.
   */
  add(bytes: Buffer): readonly Buffer[] | null {
    const frames: Buffer[] = []
    let start = 0
    while (start < bytes.length) {
      if (this.#begunBytes === 0 && bytes.length - start >= SIZE_BYTES) {
        const size = this.#sizeIn(bytes, start)
        if (size === null) return null
        this.#wanted = SIZE_BYTES + size
        if (bytes.length - start >= this.#wanted) {
          frames.push(bytes.subarray(start + SIZE_BYTES, start + this.#wanted))
          start += this.#wanted
          this.#wanted = SIZE_BYTES
          continue
        }
      }
      start += this.#copy(bytes, start)
      if (this.#begun === null || this.#begunBytes < this.#wanted) continue
      if (this.#wanted === SIZE_BYTES) {
        const size = this.#sizeIn(this.#begun, 0)
        if (size === null) return null
        this.#wanted = SIZE_BYTES + size
        if (size > 0) continue
      }
      frames.push(this.#begun.subarray(SIZE_BYTES, this.#wanted))
      this.#forget()
    }
    return frames
  }

  /** No more will come: gives the memory of a frame that is not whole back at once. */
  dispose(): void {
    if (this.#begun !== null) letGo(this.#begun)
    this.#forget()
  }

  #forget(): void {
    this.#begun = null
    this.#begunBytes = 0
    this.#wanted = SIZE_BYTES
  }

  #sizeIn(bytes: Buffer, start: number): number | null {
    const size = bytes.readInt32BE(start)
    return size < 0 || size > this.#frameBytesMax ? null : size
  }

  /** Copies no more than what is wanted, and tells how much. */
  #copy(bytes: Buffer, start: number): number {
    const count = Math.min(this.#wanted - this.#begunBytes, bytes.length - start)
    const room = this.#roomFor(this.#begunBytes + count)
    bytes.copy(room, this.#begunBytes, start, start + count)
    this.#begunBytes += count
    return count
  }

  #roomFor(bytes: number): Buffer {
    const begun = this.#begun
    if (begun !== null && begun.length >= bytes) return begun
    const ahead = Math.max(bytes, 2 * (begun?.length ?? 0), AT_ONCE_BYTES_MAX)
    const room = Buffer.allocUnsafeSlow(Math.min(this.#wanted, ahead))
    begun?.copy(room, 0, 0, this.#begunBytes)
    if (begun !== null) letGo(begun)
    this.#begun = room
    return room
  }
}

/**
 * Frees the memory of bytes that nothing will read again, which a garbage collection would do
 * later: in a process that is at rest, much later. Those of a pool, or of a part, are left alone.
 */
export function letGo({ buffer, byteLength }: Buffer): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0)
}
