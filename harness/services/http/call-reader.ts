import type { CallReader } from '../../core/service.ts'
import { HttpMessages, operationOf } from './messages.ts'

/**
 * Finds calls in the bytes of one connection: a call is a request, once all of it is sent, and is
 * answered by a response that is no interim one.
 */
export function createHttpReader(): CallReader {
  /** Methods of requests that have no answer yet. */
  const underway: string[] = []
  let sent: string[] = []
  let answered = 0
  const requests = new HttpMessages('REQUEST', {
    message(request) {
      underway.push(request.method)
      sent.push(operationOf(request))
    },
  })
  const responses = new HttpMessages('RESPONSE', {
    head: ({ status }) => status >= 200 && underway[0] === 'HEAD',
    message({ status }) {
      if (status < 200) return
      underway.shift()
      answered += 1
    },
  })
  return {
    wrote(bytes) {
      sent = []
      ignoring(() => requests.add(bytes))
      return sent
    },
    got(bytes) {
      answered = 0
      ignoring(() => responses.add(bytes))
      return answered
    },
  }
}

/** Bytes that are no HTTP are no call; the service says what it makes of them. */
function ignoring(read: () => void): void {
  try {
    read()
  } catch {}
}
