import zlib from 'node:zlib'
import { WireError } from '../wire-error.ts'
import { lz4OfStored, unlz4 } from './lz4.ts'
import { snappyOfLiterals, unsnappy } from './snappy.ts'

/** Kafka has no limit; more than this in one batch is an attack on our memory. */
const BYTES_MAX = 256 * 1024 * 1024

/** Kafka's numbers for codecs. */
export type CompressionCode = 0 | 1 | 2 | 3 | 4
const GZIP = 1
const SNAPPY = 2
const LZ4 = 3
const ZSTD = 4

/** @throws WireError `unsupported-compression` for a number without a codec, `corrupt` */
export function decompress(bytes: Buffer, codec: number): Buffer {
  switch (codec) {
    case 0:
      return bytes
    case GZIP:
      return unpacked('gzip', () => zlib.gunzipSync(bytes, { maxOutputLength: BYTES_MAX }))
    case SNAPPY:
      return unsnappy(bytes, BYTES_MAX)
    case LZ4:
      return unlz4(bytes, BYTES_MAX)
    case ZSTD:
      return unpacked('zstd', () => zlib.zstdDecompressSync(bytes, { maxOutputLength: BYTES_MAX }))
    default:
      throw new WireError('unsupported-compression', `there is no compression ${codec}`)
  }
}

/**
 * Compresses so that clients can read it. Snappy and LZ4 are not made smaller: brokers only write
 * them where they compact a log.
 */
export function compress(bytes: Buffer, codec: CompressionCode): Buffer {
  switch (codec) {
    case 0:
      return bytes
    case GZIP:
      return zlib.gzipSync(bytes)
    case SNAPPY:
      return snappyOfLiterals(bytes)
    case LZ4:
      return lz4OfStored(bytes)
    case ZSTD:
      return zlib.zstdCompressSync(bytes)
  }
}

function unpacked(name: string, unpack: () => Buffer): Buffer {
  try {
    return unpack()
  } catch {
    throw new WireError('corrupt', `a ${name} batch cannot be unpacked`)
  }
}
