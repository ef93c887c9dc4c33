import type { Acl, AclFilter } from '../access/acl.ts'
import { answerNow, code, type Served } from './handler.ts'

/** DescribeAcls (29), versions 0 to 3 (KIP-140, KIP-290): by resource; SECURITY_DISABLED where brokers ask nobody. */
export const describeAcls: Served = {
  key: 29,
  min: 0,
  max: 3,
  handler: answerNow<AclFilter>(
    ({ cluster, body }) => {
      if (cluster.authorizer === null) {
        const errorMessage = 'No Authorizer is configured on the broker'
        return { errorCode: code('SECURITY_DISABLED'), errorMessage, resources: [] }
      }
      const byResource = Map.groupBy(cluster.authorizer.list(body), resourceOf)
      const resources = [...byResource.values()].map((acls) => ({ ...acls[0], acls }))
      return { errorCode: 0, errorMessage: null, resources }
    },
    (_context, errorCode) => ({ errorCode, errorMessage: null, resources: [] }),
  ),
}

function resourceOf({ resourceType, resourceName, patternType }: Acl): string {
  return `${resourceType} ${patternType} ${resourceName}`
}
