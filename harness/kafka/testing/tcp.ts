import net from 'node:net'
import { createChance } from '../../core/seed.ts'
import type { BrokerAddress, Cluster, ClusterOptions } from '../cluster.interface.ts'
import { createCluster } from '../cluster.ts'

export interface TcpCluster extends AsyncDisposable {
  readonly cluster: Cluster
  /** `host:port` of each broker. */
  readonly addresses: readonly string[]
}

/** The cluster on real sockets of the loopback interface, in real time: what tests of real clients connect to. */
export async function listenOnLoopback(
  brokerCount: number,
  options: Pick<ClusterOptions, 'settings' | 'observer'>,
): Promise<TcpCluster> {
  const servers = Array.from({ length: brokerCount }, () => net.createServer())
  const brokers = await Promise.all(servers.map(listen))
  const sockets = new Set<net.Socket>()
  const cluster = createCluster({
    ...options,
    brokers,
    chance: createChance('tcp'),
    clock: {
      nowMs: () => Date.now(),
      after(delayMs, action) {
        const timer = setTimeout(action, delayMs)
        return { cancel: () => clearTimeout(timer) }
      },
    },
  })
  servers.forEach((server, broker) => {
    server.on('connection', (socket) => {
      sockets.add(socket)
      const session = cluster.connect(
        broker,
        { process: 'tcp', incarnation: 1 },
        {
          send: (bytes) => void socket.write(bytes),
          close: () => void socket.end(),
          reset: () => void socket.resetAndDestroy(),
        },
      )
      socket.on('data', (bytes) => session.receive(bytes))
      socket.on('error', () => session.closed())
      socket.on('close', () => {
        sockets.delete(socket)
        session.closed()
      })
    })
  })
  return {
    cluster,
    addresses: brokers.map(({ host, port }) => `${host}:${port}`),
    async [Symbol.asyncDispose]() {
      cluster.dispose()
      for (const socket of sockets) socket.destroy()
      await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))))
    },
  }
}

function listen(server: net.Server, id: number): Promise<BrokerAddress> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      if (address === null || typeof address === 'string') return reject(new Error('no TCP address'))
      resolve({ id, host: '127.0.0.1', port: address.port })
    })
  })
}
