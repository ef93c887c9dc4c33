import { skipped, until } from './outcome.ts'
import type { FaultBehaviour } from './world.interface.ts'

/** An ACL is removed, and restored later: meanwhile new requests that need it are refused. */
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
