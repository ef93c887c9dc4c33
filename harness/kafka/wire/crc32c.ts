/** Castagnoli's polynomial, reversed. */
const POLYNOMIAL = 0x82f63b78

/** Eight tables, to take eight bytes at a time. */
const T0 = firstTable()
const T1 = tableAfter(T0)
const T2 = tableAfter(T1)
const T3 = tableAfter(T2)
const T4 = tableAfter(T3)
const T5 = tableAfter(T4)
const T6 = tableAfter(T5)
const T7 = tableAfter(T6)

function firstTable(): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let value = byte
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1
    return value >>> 0
  })
}

function tableAfter(before: Uint32Array): Uint32Array {
  return before.map((value) => ((value >>> 8) ^ entry(T0, value & 0xff)) >>> 0)
}

/** An entry that is there: indexes are bytes, and within bounds. */
function entry(table: Uint32Array | Uint8Array, index: number): number {
  return table[index] as number
}

/** CRC-32C of `bytes` from `start`, unsigned. */
export function crc32c(bytes: Uint8Array, start = 0): number {
  let crc = 0xffffffff
  let at = start
  const at8 = (offset: number): number => entry(bytes, at + offset)
  for (; at + 8 <= bytes.length; at += 8) {
    const low = crc ^ (at8(0) | (at8(1) << 8) | (at8(2) << 16) | (at8(3) << 24))
    crc =
      entry(T7, low & 0xff) ^
      entry(T6, (low >>> 8) & 0xff) ^
      entry(T5, (low >>> 16) & 0xff) ^
      entry(T4, low >>> 24) ^
      entry(T3, at8(4)) ^
      entry(T2, at8(5)) ^
      entry(T1, at8(6)) ^
      entry(T0, at8(7))
  }
  for (; at < bytes.length; at += 1) crc = entry(T0, (crc ^ entry(bytes, at)) & 0xff) ^ (crc >>> 8)
  return ~crc >>> 0
}
