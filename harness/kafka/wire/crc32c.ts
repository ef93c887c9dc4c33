/** Castagnoli's polynomial, reversed. */
const POLYNOMIAL = 0x82f63b78

/** Eight tables, to take eight bytes at a time. */
const TABLES: readonly Uint32Array[] = makeTables()

function makeTables(): Uint32Array[] {
  const first = new Uint32Array(256)
  for (let byte = 0; byte < 256; byte += 1) {
    let value = byte
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1
    first[byte] = value >>> 0
  }
  const tables = [first]
  for (let index = 1; index < 8; index += 1) {
    const before = tables[index - 1] as Uint32Array
    const table = new Uint32Array(256)
    for (let byte = 0; byte < 256; byte += 1) {
      const value = before[byte] as number
      table[byte] = ((value >>> 8) ^ (first[value & 0xff] as number)) >>> 0
    }
    tables.push(table)
  }
  return tables
}

const [T0, T1, T2, T3, T4, T5, T6, T7] = TABLES as [
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
]

/** CRC-32C of `bytes` from `start`, unsigned. */
export function crc32c(bytes: Uint8Array, start = 0): number {
  let crc = 0xffffffff
  let at = start
  const at8 = (offset: number): number => bytes[at + offset] as number
  for (; at + 8 <= bytes.length; at += 8) {
    const low = crc ^ (at8(0) | (at8(1) << 8) | (at8(2) << 16) | (at8(3) << 24))
    crc =
      (T7[low & 0xff] as number) ^
      (T6[(low >>> 8) & 0xff] as number) ^
      (T5[(low >>> 16) & 0xff] as number) ^
      (T4[low >>> 24] as number) ^
      (T3[at8(4)] as number) ^
      (T2[at8(5)] as number) ^
      (T1[at8(6)] as number) ^
      (T0[at8(7)] as number)
  }
  for (; at < bytes.length; at += 1) crc = (T0[(crc ^ (bytes[at] as number)) & 0xff] as number) ^ (crc >>> 8)
  return ~crc >>> 0
}
