import type { Socket } from 'node:net'

/** How a connection ended, other than by its owner's wish. */
export type PipeEnd = 'closed' | 'reset'

/** A client's end of a connection: bytes in both directions. */
export interface Pipe {
  send(bytes: Buffer): void
  close(): void
}

/** Receives the events of a client's connection. */
export interface PipeOwner {
  received(bytes: Buffer): void
  /** @param error why it could not be made, or broke */
  ended(how: PipeEnd, error?: Error): void
}

/** Opens a connection. */
export type OpenPipe = (owner: PipeOwner) => Pipe

/** A socket that is connected, or about to be. */
export function socketPipe(socket: Socket): OpenPipe {
  return (owner) => {
    socket.setNoDelay(true)
    socket.on('data', (bytes) => owner.received(bytes))
    socket.on('error', (error) => {
      socket.destroy()
      owner.ended('reset', error)
    })
    socket.on('close', () => owner.ended('closed'))
    return { send: (bytes) => void socket.write(bytes), close: () => void socket.destroy() }
  }
}
