const SIZE_BYTES = 4
/** A size is an int32: without another limit every size but a negative one will do. */
const FRAME_BYTES_MAX = 2 ** 31 - 1
const NONE: readonly Buffer[] = []

/**
 * Frames out of bytes that may be cut anywhere. The parts of a large frame are put together once,
 * when it is whole: what a frame costs grows with its size, not with the number of its parts.
 */
export class FrameSplitter {
  readonly #frameBytesMax: number
  #parts: Buffer[] = []
  #partBytes = 0
  /** Fewer bytes than these are no frame yet. */
  #wanted = SIZE_BYTES

  constructor(frameBytesMax = FRAME_BYTES_MAX) {
    this.#frameBytesMax = frameBytesMax
  }

  /**
   * The frames that are whole now, without their size prefixes; null where a size is negative or
   * too large.
   */
  add(bytes: Buffer): readonly Buffer[] | null {
    let data = bytes
    if (this.#partBytes > 0) {
      this.#parts.push(bytes)
      this.#partBytes += bytes.length
      if (this.#partBytes < this.#wanted) return NONE
      data = Buffer.concat(this.#parts)
    }
    const frames: Buffer[] = []
    let start = 0
    this.#wanted = SIZE_BYTES
    while (data.length - start >= SIZE_BYTES) {
      const size = data.readInt32BE(start)
      if (size < 0 || size > this.#frameBytesMax) return null
      this.#wanted = SIZE_BYTES + size
      if (data.length - start < this.#wanted) break
      frames.push(data.subarray(start + SIZE_BYTES, start + this.#wanted))
      start += this.#wanted
      this.#wanted = SIZE_BYTES
    }
    const rest = data.length - start
    if (this.#partBytes > 0 || rest > 0) {
      this.#parts = rest === 0 ? [] : [data.subarray(start)]
      this.#partBytes = rest
    }
    return frames
  }
}
