import { WireError } from '../wire-error.ts'

/** The header of snappy-java: a magic, its version and the oldest version that can read it. */
const FRAMED_MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00])
const FRAMED_HEADER_BYTES = 16

/**
 * Snappy as Kafka's clients write it: blocks in the frames of snappy-java, or one bare block
 * (librdkafka).
 * @throws WireError `corrupt`
 */
export function unsnappy(bytes: Buffer, bytesMax: number): Buffer {
  if (!bytes.subarray(0, FRAMED_MAGIC.length).equals(FRAMED_MAGIC)) return unsnappyBlock(bytes, bytesMax)
  const blocks: Buffer[] = []
  let left = bytesMax
  for (let at = FRAMED_HEADER_BYTES; at < bytes.length; ) {
    if (at + 4 > bytes.length) throw corrupt()
    const end = at + 4 + bytes.readInt32BE(at)
    if (end < at + 4 || end > bytes.length) throw corrupt()
    const block = unsnappyBlock(bytes.subarray(at + 4, end), left)
    left -= block.length
    blocks.push(block)
    at = end
  }
  return Buffer.concat(blocks)
}

/** One block of literals: valid Snappy, and as long as what it holds. */
export function snappyOfLiterals(bytes: Buffer): Buffer {
  const length: number[] = []
  let rest = bytes.length
  for (; rest >= 0x80; rest >>>= 7) length.push((rest & 0x7f) | 0x80)
  length.push(rest)
  if (bytes.length === 0) return Buffer.from(length)
  const literal = Buffer.alloc(5)
  literal[0] = LITERAL_OF_4_BYTES << 2
  literal.writeUInt32LE(bytes.length - 1, 1)
  return Buffer.concat([Buffer.from(length), literal, bytes])
}

/** A literal's length stands in the tag up to 59; from here on in 1 to 4 bytes behind it. */
const LITERAL_OF_1_BYTE = 60
const LITERAL_OF_4_BYTES = 63

function unsnappyBlock(bytes: Buffer, bytesMax: number): Buffer {
  const { value: size, at: start } = uvarint(bytes)
  if (size > bytesMax) throw corrupt()
  const out = Buffer.alloc(size)
  let to = 0
  let at = start
  while (at < bytes.length) {
    const tag = bytes[at] as number
    at += 1
    if ((tag & 3) === 0) {
      const extra = Math.max(0, (tag >> 2) - LITERAL_OF_1_BYTE + 1)
      const length = (extra === 0 ? tag >> 2 : little(bytes, at, extra)) + 1
      at += extra
      if (at + length > bytes.length || to + length > size) throw corrupt()
      bytes.copy(out, to, at, at + length)
      at += length
      to += length
      continue
    }
    const wide = [1, 2, 4][(tag & 3) - 1] as number
    const length = (tag & 3) === 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1
    const back = little(bytes, at, wide) + ((tag & 3) === 1 ? (tag >> 5) << 8 : 0)
    at += wide
    if (back === 0 || back > to || to + length > size) throw corrupt()
    // Byte by byte: a copy may run into what it writes.
    for (const end = to + length; to < end; to += 1) out[to] = out[to - back] as number
  }
  if (to !== size) throw corrupt()
  return out
}

function little(bytes: Buffer, at: number, count: number): number {
  if (at + count > bytes.length) throw corrupt()
  return bytes.readUIntLE(at, count)
}

function uvarint(bytes: Buffer): { value: number; at: number } {
  let value = 0
  for (let at = 0; at < 5 && at < bytes.length; at += 1) {
    const byte = bytes[at] as number
    value += (byte & 0x7f) * 2 ** (7 * at)
    if (byte < 0x80) return { value, at: at + 1 }
  }
  throw corrupt()
}

function corrupt(): WireError {
  return new WireError('corrupt', 'a snappy batch cannot be unpacked')
}
