import net from 'node:net'
import { UsageError } from '../core/errors.ts'

export interface Listening {
  readonly server: net.Server
  readonly port: number
}

/**
 * One server for each broker, or none at all: on `port`, the port behind it and so on, or on free
 * ports where `port` is 0.
 * @throws UsageError `port-in-use` for a port that is taken or forbidden, `unknown-option` for a
 * host that is not here
 */
export async function listenForBrokers(count: number, host: string, port: number): Promise<Listening[]> {
  const listening: Listening[] = []
  try {
    for (let broker = 0; broker < count; broker += 1) {
      const server = net.createServer({ noDelay: true })
      listening.push({ server, port: await listen(server, host, port === 0 ? 0 : port + broker) })
    }
    return listening
  } catch (error) {
    await closeAll(listening)
    throw error
  }
}

export async function closeAll(listening: readonly Listening[]): Promise<void> {
  await Promise.all(listening.map(({ server }) => new Promise<void>((done) => server.close(() => done()))))
}

function listen(server: net.Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(refusal(error, host, port)))
    server.listen(port, host, () => {
      const address = server.address()
      if (address === null || typeof address === 'string') return reject(new Error('a server without a port'))
      resolve(address.port)
    })
  })
}

function refusal(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const cause = { cause: error }
  switch (error.code) {
    case 'EADDRINUSE':
      return new UsageError(
        'port-in-use',
        `port ${port} of ${host} is in use; choose other ports (one a broker, from the first on), or port 0 for free ones`,
        cause,
      )
    case 'EACCES':
      return new UsageError(
        'port-in-use',
        `port ${port} of ${host} may not be opened; choose one from 1024 on`,
        cause,
      )
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new UsageError('unknown-option', `this machine has no address ${host} to listen on`, cause)
    default:
      return error
  }
}
