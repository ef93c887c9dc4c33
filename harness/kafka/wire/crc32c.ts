/** Castagnoli's polynomial, reversed. */
const POLYNOMIAL = 0x82f63b78

/** Eight tables, to take eight bytes at a time. */
const TABLE_0 = firstTable()
const TABLE_1 = tableAfter(TABLE_0)
const TABLE_2 = tableAfter(TABLE_1)
const TABLE_3 = tableAfter(TABLE_2)
const TABLE_4 = tableAfter(TABLE_3)
const TABLE_5 = tableAfter(TABLE_4)
const TABLE_6 = tableAfter(TABLE_5)
const TABLE_7 = tableAfter(TABLE_6)

function firstTable(): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let value = byte
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1
    return value >>> 0
  })
}

function tableAfter(before: Uint32Array): Uint32Array {
  return before.map((value) => ((value >>> 8) ^ entry(TABLE_0, value & 0xff)) >>> 0)
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
      entry(TABLE_7, low & 0xff) ^
      entry(TABLE_6, (low >>> 8) & 0xff) ^
      entry(TABLE_5, (low >>> 16) & 0xff) ^
      entry(TABLE_4, low >>> 24) ^
      entry(TABLE_3, at8(4)) ^
      entry(TABLE_2, at8(5)) ^
      entry(TABLE_1, at8(6)) ^
      entry(TABLE_0, at8(7))
  }
  for (; at < bytes.length; at += 1) crc = entry(TABLE_0, (crc ^ entry(bytes, at)) & 0xff) ^ (crc >>> 8)
  return ~crc >>> 0
}
