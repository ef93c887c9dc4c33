import { WireError } from '../wire-error.ts'

const MAGIC = 0x184d2204
const STORED = 0x80000000
const FLAG = {
  version: 0xc0,
  blockChecksum: 0x10,
  contentSize: 0x08,
  contentChecksum: 0x04,
  dictionary: 0x01,
}
const VERSION = 0x40
const CHECKSUM_BYTES = 4
const MATCH_BYTES_MIN = 4

/**
 * An LZ4 frame. Its checksums are passed over: the batch around it has a CRC-32C.
 * @throws WireError `corrupt`
 */
export function unlz4(bytes: Buffer, bytesMax: number): Buffer {
  if (bytes.length < 7 || bytes.readUInt32LE(0) !== MAGIC) throw corrupt()
  const flags = bytes[4] as number
  if ((flags & FLAG.version) !== VERSION || (flags & FLAG.dictionary) !== 0) throw corrupt()
  const out = new Lz4Output(bytesMax)
  let at = 7 + ((flags & FLAG.contentSize) === 0 ? 0 : 8)
  for (;;) {
    if (at + 4 > bytes.length) throw corrupt()
    const word = bytes.readUInt32LE(at)
    at += 4
    if (word === 0) return out.done()
    const end = at + (word & ~STORED & 0x7fffffff)
    if (end > bytes.length) throw corrupt()
    if (word >= STORED) out.literal(bytes, at, end)
    else unlz4Block(bytes.subarray(at, end), out)
    at = end + ((flags & FLAG.blockChecksum) === 0 ? 0 : CHECKSUM_BYTES)
  }
}

/** A frame of stored blocks of 64 KB: valid LZ4, a little longer than what it holds. */
export function lz4OfStored(bytes: Buffer): Buffer {
  const parts: Buffer[] = [STORED_FRAME]
  for (let at = 0; at < bytes.length; at += STORED_BLOCK_BYTES) {
    const block = bytes.subarray(at, at + STORED_BLOCK_BYTES)
    const size = Buffer.alloc(4)
    size.writeUInt32LE(STORED + block.length)
    parts.push(size, block)
  }
  return Buffer.concat([...parts, Buffer.alloc(4)])
}

const STORED_BLOCK_BYTES = 65_536
/**
 * Magic, independent blocks of up to 64 KB, no checksums; the last byte is the checksum of the two
 * before it.
 */
const STORED_FRAME = Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82])

function unlz4Block(bytes: Buffer, out: Lz4Output): void {
  let at = 0
  const length = (nibble: number): number => {
    let total = nibble
    if (nibble < 15) return total
    for (let byte = 255; byte === 255; at += 1) {
      const next = bytes[at]
      if (next === undefined) throw corrupt()
      byte = next
      total += byte
    }
    return total
  }
  while (at < bytes.length) {
    const token = bytes[at] as number
    at += 1
    const literals = length(token >> 4)
    if (at + literals > bytes.length) throw corrupt()
    out.literal(bytes, at, at + literals)
    at += literals
    // The last sequence has no match.
    if (at === bytes.length) return
    if (at + 2 > bytes.length) throw corrupt()
    const back = bytes.readUInt16LE(at)
    at += 2
    out.match(back, length(token & 15) + MATCH_BYTES_MIN)
  }
}

/** Grows as it is written; matches may reach into earlier blocks. */
class Lz4Output {
  readonly #max: number
  #bytes: Buffer = Buffer.alloc(65_536)
  #size = 0

  constructor(max: number) {
    this.#max = max
  }

  #reserve(more: number): void {
    const size = this.#size + more
    if (size > this.#max) throw corrupt()
    if (size <= this.#bytes.length) return
    const bytes = Buffer.alloc(Math.min(this.#max, Math.max(size, this.#bytes.length * 2)))
    this.#bytes.copy(bytes, 0, 0, this.#size)
    this.#bytes = bytes
  }

  literal(from: Buffer, start: number, end: number): void {
    this.#reserve(end - start)
    from.copy(this.#bytes, this.#size, start, end)
    this.#size += end - start
  }

  match(back: number, length: number): void {
    if (back === 0 || back > this.#size) throw corrupt()
    this.#reserve(length)
    const bytes = this.#bytes
    // Byte by byte: a match may run into what it writes.
    for (const end = this.#size + length; this.#size < end; this.#size += 1)
      bytes[this.#size] = bytes[this.#size - back] as number
  }

  done(): Buffer {
    return this.#bytes.subarray(0, this.#size)
  }
}

function corrupt(): WireError {
  return new WireError('corrupt', 'an lz4 batch cannot be unpacked')
}
