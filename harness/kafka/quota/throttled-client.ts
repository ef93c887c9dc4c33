import type { Authenticator } from '../access/authenticator.ts'
import { principalOf } from '../access/principal.ts'
import type { Peer } from '../cluster.interface.ts'
import type { ThrottledClient } from './throttling.ts'

/** The client that quotas see behind a connection. */
export function clientOf(
  {
    broker,
    peer,
    authenticator,
  }: { broker: { readonly id: number }; peer: Peer; authenticator: Authenticator | null },
  clientId: string,
): ThrottledClient {
  return { broker: broker.id, process: peer.process, user: principalOf(authenticator), clientId }
}
