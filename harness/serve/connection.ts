import type net from 'node:net'
import { type Cluster, letGo } from '../kafka/index.ts'

/** A peer that does not close its side after ours is given this long. */
const LINGER_MS = 5_000

/**
 * A client's socket at one broker. While the client does not read its answers nothing more of it is
 * taken up, and while many of its bytes wait nothing more is read: what a connection holds is
 * bounded by one request and one answer, and of a request by twice what has arrived of it.
 */
export function connect(cluster: Cluster, broker: number, socket: net.Socket): void {
  const session = cluster.connect(
    broker,
    { process: socket.remoteAddress ?? 'unknown', incarnation: 1 },
    {
      send: (bytes) => void socket.write(bytes),
      close() {
        socket.end()
        socket.resume()
        socket.setTimeout(LINGER_MS, () => socket.destroy())
      },
      reset: () => void socket.resetAndDestroy(),
      ready: () => !socket.writableNeedDrain,
      muted: (muted) => void (muted ? socket.pause() : socket.resume()),
      spent: letGo,
    },
  )
  socket.on('data', (bytes) => session.receive(bytes))
  socket.on('drain', () => session.drained())
  // An 'error' of a connection is followed by its 'close', which is handled.
  socket.on('error', () => {})
  socket.on('close', () => session.closed())
}
