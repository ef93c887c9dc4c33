import { WireError } from './wire-error.ts'

/** Kafka's limit, in every version. */
const STRING_BYTES_MAX = 0x7fff

/** Reads Kafka's primitive types; every read is checked against the end of the frame. */
export class ByteReader {
  readonly buffer: Buffer
  position: number
  readonly end: number

  constructor(buffer: Buffer, position = 0) {
    this.buffer = buffer
    this.position = position
    this.end = buffer.length
  }

  /** Moves on by `size` bytes and gives the position before. */
  #take(size: number): number {
    const at = this.position
    if (size < 0 || at + size > this.end)
      throw new WireError('malformed', `the frame ends within a field at byte ${at}`)
    this.position = at + size
    return at
  }

  int8(): number {
    return this.buffer.readInt8(this.#take(1))
  }

  bool(): boolean {
    return this.int8() !== 0
  }

  int16(): number {
    return this.buffer.readInt16BE(this.#take(2))
  }

  uint16(): number {
    return this.buffer.readUInt16BE(this.#take(2))
  }

  int32(): number {
    return this.buffer.readInt32BE(this.#take(4))
  }

  uint32(): number {
    return this.buffer.readUInt32BE(this.#take(4))
  }

  int64(): bigint {
    return this.buffer.readBigInt64BE(this.#take(8))
  }

  float64(): number {
    return this.buffer.readDoubleBE(this.#take(8))
  }

  /** 32 lower-case hex digits. */
  uuid(): string {
    const at = this.#take(16)
    return this.buffer.toString('hex', at, at + 16)
  }

  /** An unsigned varint of at most 32 bits. */
  uvarint(): number {
    const first = this.buffer[this.#take(1)] ?? 0
    if (first < 0x80) return first
    let value = first & 0x7f
    for (let shift = 7; shift < 35; shift += 7) {
      const byte = this.buffer[this.#take(1)] ?? 0
      value += (byte & 0x7f) * 2 ** shift
      if ((byte & 0x80) === 0) return value
    }
    throw new WireError('malformed', 'a varint is longer than 32 bits')
  }

  /** A zigzag varint of at most 64 bits, as records use it. */
  varlong(): bigint {
    const first = this.buffer[this.#take(1)] ?? 0
    if (first < 0x80) return BigInt((first >>> 1) ^ -(first & 1))
    let value = BigInt(first & 0x7f)
    for (let shift = 7n; shift < 70n; shift += 7n) {
      const byte = this.buffer[this.#take(1)] ?? 0
      value |= BigInt(byte & 0x7f) << shift
      if ((byte & 0x80) === 0) return (value >> 1n) ^ -(value & 1n)
    }
    throw new WireError('malformed', 'a varint is longer than 64 bits')
  }

  varint(): number {
    const value = this.uvarint()
    return (value >>> 1) ^ -(value & 1)
  }

  /** A length: −1 stands for null. */
  compactLength(): number {
    return this.uvarint() - 1
  }

  /** Refuses the length of a null. */
  present(length: number): number {
    if (length < 0) throw new WireError('malformed', `null at byte ${this.position}, where there is no null`)
    return length
  }

  text(length: number): string | null {
    if (length < 0) return null
    if (length > STRING_BYTES_MAX) {
      throw new WireError('malformed', `a string of ${length} bytes is longer than ${STRING_BYTES_MAX}`)
    }
    const at = this.#take(length)
    return this.buffer.toString('utf8', at, at + length)
  }

  /** The bytes in place, not copied. */
  slice(length: number): Buffer | null {
    if (length < 0) return null
    const at = this.#take(length)
    return this.buffer.subarray(at, at + length)
  }

  /**
   * A count of elements, each of which takes at least one byte: no list is allocated for bytes that
   * are not there.
   */
  count(count: number): number {
    if (count > this.end - this.position) {
      throw new WireError('malformed', `a list of ${count} elements does not fit into the frame`)
    }
    return count
  }

  skipTo(end: number): void {
    this.#take(end - this.position)
  }

  /** Refuses a tagged field whose size does not fit its value. */
  expectAt(end: number): void {
    if (this.position !== end)
      throw new WireError('malformed', `a tagged field ends at byte ${this.position}, not ${end}`)
  }

  skipTags(): void {
    for (let left = this.uvarint(); left > 0; left -= 1) {
      this.uvarint()
      this.#take(this.uvarint())
    }
  }
}

const INITIAL_BYTES = 4_096

/**
 * Writes Kafka's primitive types into one growing buffer, which is used again for the next frame.
 */
export class ByteWriter {
  buffer: Buffer = Buffer.allocUnsafe(INITIAL_BYTES)
  position = 0
  #numbers: DataView = viewOf(this.buffer)

  reset(): this {
    this.position = 0
    return this
  }

  /** Makes room for `size` bytes and gives the position before. */
  #take(size: number): number {
    const at = this.position
    const need = at + size
    if (need > this.buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(need, this.buffer.length * 2))
      this.buffer.copy(larger, 0, 0, at)
      this.buffer = larger
      this.#numbers = viewOf(larger)
    }
    this.position = need
    return at
  }

  int8(value: number): void {
    const at = this.#take(1)
    this.buffer.writeInt8(value, at)
  }

  bool(value: boolean): void {
    this.int8(value ? 1 : 0)
  }

  int16(value: number): void {
    const at = this.#take(2)
    this.buffer.writeInt16BE(value, at)
  }

  uint16(value: number): void {
    const at = this.#take(2)
    this.buffer.writeUInt16BE(value, at)
  }

  int32(value: number): void {
    const at = this.#take(4)
    this.buffer.writeInt32BE(value, at)
  }

  uint32(value: number): void {
    const at = this.#take(4)
    this.buffer.writeUInt32BE(value, at)
  }

  int64(value: bigint): void {
    const at = this.#take(8)
    // Several times as fast as the buffer's own way.
    this.#numbers.setBigInt64(at, value)
  }

  float64(value: number): void {
    const at = this.#take(8)
    this.buffer.writeDoubleBE(value, at)
  }

  uuid(value: string): void {
    const at = this.#take(16)
    this.buffer.write(value, at, 16, 'hex')
  }

  uvarint(value: number): void {
    let rest = value
    while (rest >= 0x80) {
      const at = this.#take(1)
      this.buffer[at] = (rest % 0x80) | 0x80
      rest = Math.floor(rest / 0x80)
    }
    const at = this.#take(1)
    this.buffer[at] = rest
  }

  varint(value: number): void {
    this.uvarint(((value << 1) ^ (value >> 31)) >>> 0)
  }

  varlong(value: bigint): void {
    let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n))
    while (rest >= 0x80n) {
      const at = this.#take(1)
      this.buffer[at] = Number(rest & 0x7fn) | 0x80
      rest >>= 7n
    }
    const at = this.#take(1)
    this.buffer[at] = Number(rest)
  }

  string16(value: string): void {
    const size = Buffer.byteLength(value)
    this.int16(size)
    this.raw(value, size)
  }

  compactString(value: string): void {
    const size = Buffer.byteLength(value)
    this.uvarint(size + 1)
    this.raw(value, size)
  }

  raw(value: string, size: number): void {
    const at = this.#take(size)
    this.buffer.write(value, at, size, 'utf8')
  }

  bytes(value: Uint8Array): void {
    const at = this.#take(value.length)
    this.buffer.set(value, at)
  }

  /** Puts the size of what was written since `start` in front of it. */
  prefixSize(start: number): void {
    const size = this.position - start
    this.uvarint(size)
    const prefixBytes = this.position - start - size
    this.buffer.copyWithin(start + prefixBytes, start, start + size)
    const end = this.position
    this.position = start
    this.uvarint(size)
    this.position = end
  }

  /** The written bytes, in place: the next frame overwrites them. */
  written(): Buffer {
    return this.buffer.subarray(0, this.position)
  }

  /** A copy of what was written. */
  done(): Buffer {
    return Buffer.from(this.written())
  }
}

function viewOf({ buffer, byteOffset, byteLength }: Buffer): DataView {
  return new DataView(buffer, byteOffset, byteLength)
}
