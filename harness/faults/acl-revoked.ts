import { skipped, until } from './outcome.ts'
import type { FaultBehaviour } from './world.interface.ts'

/** Somebody takes an ACL away, and gives it back: what it had allowed is refused meanwhile, to whoever asks anew. */
export const aclRevoked: FaultBehaviour<'acl-revoked'> = {
  kind: 'acl-revoked',
  timing: 'next',
  begin({ target }, world) {
    if (!world.cluster.hasAuthorizer)
      return skipped('these brokers ask nobody: the setting onceover.acls is empty')
    if (world.cluster.removeAcls(target) === 0) return skipped(`there is no ACL '${target}'`)
    return until(() => world.cluster.addAcls(target))
  },
}
