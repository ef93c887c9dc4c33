import type { Acl } from '../access/acl.ts'
import { code, servedAtOnce } from './handler.ts'

/**
 * DescribeAcls (29), versions 0 to 3 (KIP-140, KIP-290): by resource; SECURITY_DISABLED where
 * brokers ask nobody.
 */
export const describeAcls = servedAtOnce('DescribeAcls')({
  min: 0,
  max: 3,
  apply: ({ cluster, body }) => {
    if (cluster.authorizer === null) {
      const errorMessage = 'No Authorizer is configured on the broker'
      return { errorCode: code('SECURITY_DISABLED'), errorMessage, resources: [] }
    }
    const byResource = Map.groupBy(cluster.authorizer.list(body), resourceOf)
    const resources = [...byResource.values()].flatMap((acls) =>
      acls.slice(0, 1).map(({ resourceType, resourceName, patternType }) => ({
        resourceType,
        resourceName,
        patternType,
        acls: acls.map(({ principal, host, operation, permissionType }) => ({
          principal,
          host,
          operation,
          permissionType,
        })),
      })),
    )
    // Kafka says nothing with the empty text.
    return { errorCode: 0, errorMessage: '', resources }
  },
  refuse: (_context, errorCode) => ({ errorCode, errorMessage: null, resources: [] }),
})

function resourceOf({ resourceType, resourceName, patternType }: Acl): string {
  return `${resourceType} ${patternType} ${resourceName}`
}
