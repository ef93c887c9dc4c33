import type { OpenPipe } from '../client/pipe.ts'
import type { Cluster, Peer } from '../cluster.interface.ts'

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
