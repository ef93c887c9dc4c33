import type { Stream } from '../../core/seed.ts'
import type { Specimen } from './corpus.ts'

const INTERESTING_BYTES = [0x00, 0x01, 0x7f, 0x80, 0xfe, 0xff] as const
const INTERESTING_INTS = [0, 1, -1, -2, 0x7fff, 0xffff, 0x7fff_ffff, -0x8000_0000, 0x00ff_ffff] as const
const LENGTH_BYTES = 4
const MUTATIONS_MAX = 4

/**
 * One frame in four as it is, for what stands in it is wild enough; the others changed in one to
 * four places. The length is put right in most cases, so that the body is looked at.
 */
export function mutated(random: Stream, specimens: readonly Specimen[]): Buffer {
  let frame: Buffer = Buffer.from(random.pick(specimens).frame)
  if (random.oneIn(1, 4)) return frame
  const times = random.oneIn(1, 2) ? 1 : random.between(2, MUTATIONS_MAX)
  for (let left = times; left > 0; left -= 1) frame = once(random, frame, specimens)
  if (frame.length >= LENGTH_BYTES && !random.oneIn(1, 16)) frame.writeInt32BE(frame.length - LENGTH_BYTES, 0)
  return frame
}

function once(random: Stream, frame: Buffer, specimens: readonly Specimen[]): Buffer {
  if (frame.length <= LENGTH_BYTES) return frame
  const at = random.between(LENGTH_BYTES, frame.length - 1)
  switch (random.between(0, 8)) {
    case 0:
      frame.writeUInt8(frame.readUInt8(at) ^ (1 << random.between(0, 7)), at)
      return frame
    case 1:
      frame.writeUInt8(random.pick(INTERESTING_BYTES), at)
      return frame
    case 2:
      if (at + 4 <= frame.length) frame.writeInt32BE(random.pick(INTERESTING_INTS), at)
      return frame
    case 3:
      return frame.subarray(0, at)
    case 4:
      return Buffer.concat([
        frame.subarray(0, at),
        frame.subarray(at - Math.min(at, 8), at),
        frame.subarray(at),
      ])
    case 5:
      return Buffer.concat([frame.subarray(0, at), frame.subarray(Math.min(frame.length, at + 3))])
    case 6: {
      const other = random.pick(specimens).frame
      return Buffer.concat([frame.subarray(0, at), other.subarray(Math.min(at, other.length))])
    }
    case 7:
      // Another version of the same request, or another request with this body.
      if (frame.length >= 8) frame.writeInt16BE(random.between(0, 20), random.oneIn(1, 2) ? 6 : 4)
      return frame
    default:
      if (at + 8 <= frame.length) frame.writeBigInt64BE(BigInt(random.pick(INTERESTING_INTS)) << 32n, at)
      return frame
  }
}
