import type { Authenticator } from './authenticator.ts'

/** Kafka's name for a client that need not authenticate (KafkaPrincipal.ANONYMOUS). */
export const ANONYMOUS = 'ANONYMOUS'

/** The user behind a connection. */
export function principalOf(authenticator: Authenticator | null): string {
  return authenticator?.user ?? ANONYMOUS
}
