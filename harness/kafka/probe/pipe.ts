import type { Socket } from 'node:net'
import type { Cluster, Peer } from '../cluster.interface.ts'

/** A client's end of a connection: bytes in both directions. */
export interface Pipe {
  send(bytes: Buffer): void
  close(): void
}

/** Receives the events of a client's connection. */
export interface PipeOwner {
  received(bytes: Buffer): void
  ended(how: 'closed' | 'reset'): void
}

/** Opens a connection. */
export type OpenPipe = (owner: PipeOwner) => Pipe

/** A session with a broker of a simulated cluster. */
export function sessionPipe(cluster: Cluster, broker: number, peer: Peer): OpenPipe {
  return (owner) => {
    const session = cluster.connect(broker, peer, {
      send: (bytes) => owner.received(bytes),
      close: () => owner.ended('closed'),
      reset: () => owner.ended('reset'),
    })
    return { send: (bytes) => session.receive(bytes), close: () => session.closed() }
  }
}

/** A socket that is connected, or about to be. */
export function socketPipe(socket: Socket): OpenPipe {
  return (owner) => {
    socket.setNoDelay(true)
    socket.on('data', (bytes) => owner.received(bytes))
    socket.on('error', () => owner.ended('reset'))
    socket.on('close', () => owner.ended('closed'))
    return { send: (bytes) => void socket.write(bytes), close: () => void socket.destroy() }
  }
}
