import type { CallReader } from '../../core/service.ts'
import { FIRST, MessageSplitter, Opening, terminated } from './messages.ts'
import { operationOf } from './statements.ts'

/**
 * Finds calls in the bytes of one connection: a call is what a client sends up to a Query or Sync,
 * named by the first word of its first statement, and answered by ReadyForQuery.
 */
export function createWireReader(): CallReader {
  const opening = new Opening()
  const sent = new MessageSplitter()
  const got = new MessageSplitter()
  /** Single letters that answer requests for encryption. */
  let letters = 0
  /** The first ReadyForQuery belongs to the startup. */
  let greeted = false
  /** Names of statements that were prepared, and their operations. */
  const prepared = new Map<string, string>()
  let operation: string | null = null

  const read = (type: string, body: Buffer): readonly string[] => {
    switch (type) {
      case 'P': {
        const { text: name, end } = terminated(body)
        prepared.set(name, operationOf(terminated(body, end).text))
        operation ??= prepared.get(name) ?? null
        return []
      }
      case 'B':
        operation ??= prepared.get(terminated(body, terminated(body).end).text) ?? null
        return []
      case 'Q':
        return [operationOf(terminated(body).text)]
      case 'F':
        return ['CALL']
      case 'S': {
        const ended = operation ?? 'SYNC'
        operation = null
        return [ended]
      }
      default:
        return []
    }
  }
  return {
    wrote(bytes) {
      const { first, rest } = opening.add(bytes)
      letters += first.filter(({ code }) => code === FIRST.ssl || code === FIRST.gss).length
      return sent.add(rest).flatMap(({ type, body }) => read(type, body))
    },
    got(bytes) {
      const skipped = Math.min(letters, bytes.length)
      letters -= skipped
      let ready = got.add(bytes.subarray(skipped)).filter(({ type }) => type === 'Z').length
      if (ready > 0 && !greeted) {
        greeted = true
        ready -= 1
      }
      return ready
    },
  }
}
