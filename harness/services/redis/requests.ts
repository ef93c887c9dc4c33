import RedisParser from 'redis-parser'

/**
 * Finds commands in the bytes that a client sends: name and arguments, a character for each byte.
 */
export function commandParser(onCommand: (command: readonly string[]) => void): (bytes: Buffer) => void {
  const parser = parserOf((found) => {
    if (Array.isArray(found)) onCommand(found.map((part) => latin(part)))
  })
  return (bytes) => parser.execute(bytes)
}

/** Counts the replies in the bytes that a client gets. */
export function replyCounter(): (bytes: Buffer) => number {
  let count = 0
  const parser = parserOf(() => {
    count += 1
  })
  return (bytes) => {
    count = 0
    parser.execute(bytes)
    return count
  }
}

function parserOf(onFound: (found: unknown) => void): RedisParser {
  return new RedisParser({ returnReply: onFound, returnError: onFound, returnBuffers: true })
}

function latin(part: unknown): string {
  return Buffer.isBuffer(part) ? part.toString('latin1') : String(part)
}
