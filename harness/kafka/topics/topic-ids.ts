import type { Stream } from '../../core/seed.ts'

export const NO_TOPIC_ID = '0'.repeat(32)

/**
 * A random UUID (version 4) as 32 hex digits; like Kafka's, it never begins with `-` in base64
 * (KIP-516).
 */
export function newTopicId(random: Stream): string {
  for (;;) {
    const [a, b, c, d] = [0, 1, 2, 3].map(() => random.bits32()) as [number, number, number, number]
    if (a >>> 26 === BASE64_DASH) continue
    const words = [a, ((b & 0xffff0fff) | 0x4000) >>> 0, ((c & 0x3fffffff) | 0x80000000) >>> 0, d]
    return words.map((word) => word.toString(16).padStart(8, '0')).join('')
  }
}

/** The value of `-` in base64url. */
const BASE64_DASH = 62
