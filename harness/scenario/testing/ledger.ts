import { once } from 'node:events'
import net from 'node:net'
import type { AppContext } from '../../core/scenario.ts'
import type { Service, ServiceConnection, ServiceRun } from '../../core/service.ts'

/**
 * The smallest service with calls, errors and something that stands in it: `ADD a\n` writes one
 * more line of `a`, `DROP a\n` takes all of them away, `ASK x\n` is what it can't give. The answer
 * is `ok\n`, or an error's code.
 */
export function ledger(): Service & { readonly lines: readonly string[] } {
  let lines: string[] = []
  let run: ServiceRun | null = null
  const doLine = (line: string): void => {
    const [operation, text = ''] = line.split(' ')
    if (operation === 'ADD') lines.push(text)
    if (operation === 'DROP') lines = lines.filter((each) => each !== text)
    if (operation === 'ASK') run?.outside('a question')
  }
  return {
    port: 7000,
    errors: ['503'],
    get lines() {
      return lines
    },
    reset(its) {
      run = its
      lines = []
    },
    accept(connection: ServiceConnection) {
      const cut = lineCutter()
      connection.onData = (bytes) => {
        for (const line of cut(bytes)) {
          const call = connection.arrived()
          if (call === null) return
          if (call.error === null) doLine(line)
          call.done({ error: call.error, changed: call.error === null })
          connection.write(Buffer.from(`${call.error ?? 'ok'}\n`))
        }
      }
    },
    reader() {
      const [sent, got] = [lineCutter(), lineCutter()]
      return {
        wrote: (bytes) => sent(bytes).map((line) => line.split(' ')[0] ?? ''),
        got: (bytes) => got(bytes).length,
      }
    },
    ask(query) {
      if (query !== 'lines') throw new Error(`there is no ${query}`)
      return [...Map.groupBy(lines, (line) => line)].map(([identity, same]) => ({
        identity,
        times: String(same.length),
      }))
    },
  }
}

function lineCutter(): (bytes: Buffer) => readonly string[] {
  let rest = ''
  return (bytes) => {
    const parts = `${rest}${bytes}`.split('\n')
    rest = parts.pop() ?? ''
    return parts
  }
}

/** Sends one line over a connection of its own, and rejects with the error that it is answered. */
export async function tellLedger({ services }: AppContext, line: string): Promise<void> {
  const { host = '', port = 0 } = services['ledger'] ?? {}
  const socket = net.connect(port, host)
  try {
    socket.write(`${line}\n`)
    const [answer] = (await once(socket, 'data')) as [Buffer]
    if (`${answer}` !== 'ok\n') throw new Error(`the ledger answers ${`${answer}`.trim()}`)
  } finally {
    socket.destroy()
  }
}
