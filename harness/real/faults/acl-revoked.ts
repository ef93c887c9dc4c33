import { skipped, until } from '../../faults/outcome.ts'
import { type Acl, DENY, parseAcls } from '../../kafka/index.ts'
import { demand } from '../cluster/errors.ts'
import type { RealFaultWorld, Translation } from './world.interface.ts'

export const aclRevoked: Translation<'acl-revoked'> = {
  kind: 'acl-revoked',
  grade: 'exact',
  means: 'CreateAcls denies it for as long, DeleteAcls ends that',
  needs: ['acls'],
  begin({ target }, world) {
    const denials = parseAcls(target).map((acl) => ({ ...acl, permissionType: DENY }))
    if (denials.length === 0) return skipped(`there is no ACL '${target}'`)
    world.busy.add(() => deny(world, denials))
    return until(() => world.busy.add(() => allowAgain(world, denials)))
  },
}

async function deny({ cluster }: RealFaultWorld, acls: readonly Acl[]): Promise<void> {
  const creations = acls.map(({ patternType, ...acl }) => ({ ...acl, resourcePatternType: patternType }))
  const body = await cluster.call('CreateAcls', 3, { creations })
  for (const { errorCode } of body.results) demand('deny what was allowed', errorCode)
}

async function allowAgain({ cluster }: RealFaultWorld, acls: readonly Acl[]): Promise<void> {
  const filters = acls.map((acl) => ({
    resourceTypeFilter: acl.resourceType,
    resourceNameFilter: acl.resourceName,
    patternTypeFilter: acl.patternType,
    principalFilter: acl.principal,
    hostFilter: acl.host,
    operation: acl.operation,
    permissionType: acl.permissionType,
  }))
  const body = await cluster.call('DeleteAcls', 3, { filters })
  for (const { errorCode } of body.filterResults) demand('allow again what was allowed', errorCode)
}
