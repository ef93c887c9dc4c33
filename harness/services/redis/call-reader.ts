import type { CallReader } from '../../core/service.ts'
import { commandParser, replyCounter } from './requests.ts'

/** Commands with which a client sets its connection up: no fault stands at them. */
const SETTING_UP: ReadonlySet<string> = new Set(['AUTH', 'CLIENT', 'HELLO', 'INFO', 'SELECT', 'QUIT'])

export function isCall(name: string): boolean {
  return !SETTING_UP.has(name)
}

/** Finds calls in the bytes of one connection: each command is one, named by its name. */
export function createRedisReader(): CallReader {
  /** Whether each command that has no reply yet is a call. */
  const underway: boolean[] = []
  let sent: string[] = []
  const parse = commandParser(([name = '']) => {
    const operation = name.toUpperCase()
    underway.push(isCall(operation))
    if (isCall(operation)) sent.push(operation)
  })
  const replies = replyCounter()
  return {
    wrote(bytes) {
      sent = []
      parse(bytes)
      return sent
    },
    got: (bytes) => underway.splice(0, replies(bytes)).filter(Boolean).length,
  }
}
