/** `String.hashCode` of Java, by which Kafka chooses much. */
export function javaHashCode(text: string): number {
  let hash = 0
  for (let index = 0; index < text.length; index += 1)
    hash = (Math.imul(hash, 31) + text.charCodeAt(index)) | 0
  return hash
}

/** The partition of an internal topic that a group or a transactional id belongs to. */
export function hashPartition(id: string, partitions: number): number {
  const hash = javaHashCode(id)
  return Math.abs(hash === -2_147_483_648 ? 0 : hash) % partitions
}

const CAPACITY_MIN = 16
const LOAD = 0.75

/** The bucket of a `HashMap` of Java's that this key falls into, while it has so many of them. */
export function hashMapBucket(key: string, capacity: number = CAPACITY_MIN): number {
  const hash = javaHashCode(key)
  return (hash ^ (hash >>> 16)) & (capacity - 1)
}

/** The order in which a `HashMap` of Java's goes through these keys, put in one after the other. */
export function inHashMapOrder(keys: readonly string[]): string[] {
  let capacity = CAPACITY_MIN
  while (keys.length > capacity * LOAD) capacity *= 2
  return keys
    .map((key) => ({ key, bucket: hashMapBucket(key, capacity) }))
    .sort((a, b) => a.bucket - b.bucket)
    .map(({ key }) => key)
}
