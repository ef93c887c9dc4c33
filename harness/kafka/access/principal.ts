import type { Authenticator } from './authenticator.ts'

/** Kafka's name for whoever need not say who they are (KafkaPrincipal.ANONYMOUS). */
export const ANONYMOUS = 'ANONYMOUS'

/** The user behind a connection. */
export function principalOf(authenticator: Authenticator | null): string {
  return authenticator?.user ?? ANONYMOUS
}
