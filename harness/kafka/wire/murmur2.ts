/** Kafka's default partitioner hashes a record's key with 32-bit MurmurHash2 and this seed. */
const SEED = 0x9747b28c
const M = 0x5bd1e995

/** As a signed 32-bit number, like Java's. */
export function murmur2(key: Uint8Array): number {
  let hash = SEED ^ key.length
  const whole = key.length & ~3
  for (let at = 0; at < whole; at += 4) {
    let k =
      byteAt(key, at) | (byteAt(key, at + 1) << 8) | (byteAt(key, at + 2) << 16) | (byteAt(key, at + 3) << 24)
    k = Math.imul(k, M)
    k ^= k >>> 24
    k = Math.imul(k, M)
    hash = Math.imul(hash, M) ^ k
  }
  const left = key.length - whole
  if (left >= 3) hash ^= byteAt(key, whole + 2) << 16
  if (left >= 2) hash ^= byteAt(key, whole + 1) << 8
  if (left >= 1) hash = Math.imul(hash ^ byteAt(key, whole), M)
  hash ^= hash >>> 13
  hash = Math.imul(hash, M)
  return hash ^ (hash >>> 15)
}

/** A byte that is there. */
function byteAt(key: Uint8Array, index: number): number {
  return key[index] as number
}

/** The partition of a record with this key. */
export function partitionFor(key: Uint8Array, partitions: number): number {
  return (murmur2(key) & 0x7fffffff) % partitions
}
