import type { NetworkTap } from '../sim/simulation.interface.ts'

/** Both hear of everything. */
export function bothTaps(one: NetworkTap, other: NetworkTap): NetworkTap {
  return {
    clientWrote: (connection, bytes) =>
      one.clientWrote(connection, bytes) + other.clientWrote(connection, bytes),
    clientGot(connection, bytes) {
      one.clientGot(connection, bytes)
      other.clientGot(connection, bytes)
    },
    clientClosed(connection) {
      one.clientClosed(connection)
      other.clientClosed(connection)
    },
  }
}
