/**
 * An answer: a status, an error, a number, a text, no text (null), no list, or a list of answers.
 */
export type RedisReply =
  | { readonly status: string }
  | { readonly error: string }
  | number
  | bigint
  | string
  | null
  | { readonly list: null }
  | readonly RedisReply[]

export const OK: RedisReply = { status: 'OK' }
export const NO_LIST: RedisReply = { list: null }

export function isError(reply: RedisReply): reply is { readonly error: string } {
  return typeof reply === 'object' && reply !== null && 'error' in reply
}

/** As RESP2 has it. Texts are bytes, one for each character. */
export function replyBytes(reply: RedisReply): Buffer {
  return Buffer.from(encoded(reply), 'latin1')
}

function encoded(reply: RedisReply): string {
  if (reply === null) return '$-1\r\n'
  if (typeof reply === 'number' || typeof reply === 'bigint') return `:${reply}\r\n`
  if (typeof reply === 'string') return `$${reply.length}\r\n${reply}\r\n`
  if ('status' in reply) return `+${reply.status}\r\n`
  if ('list' in reply) return '*-1\r\n'
  if (isError(reply)) return `-${reply.error}\r\n`
  return `*${reply.length}\r\n${reply.map(encoded).join('')}`
}
