import {
  type Acl,
  ALLOW,
  ANY,
  CLUSTER_NAME,
  DENY,
  LITERAL,
  MATCH,
  OPERATIONS,
  PREFIXED,
  RESOURCES,
} from '../access/acl.ts'
import { code, servedAtOnce } from './handler.ts'

interface AclCreation extends Omit<Acl, 'patternType'> {
  readonly resourcePatternType: number
}

/**
 * CreateAcls (30), versions 0 to 3 (KIP-140, KIP-290): each by itself; SECURITY_DISABLED where
 * brokers ask nobody.
 */
export const createAcls = servedAtOnce('CreateAcls')({
  min: 0,
  max: 3,
  apply: ({ cluster, body }) => {
    const { authorizer } = cluster
    // Kafka stumbles over the whole request then.
    const definite = !body.creations.some(isOpen)
    const results = body.creations.map((creation) => {
      if (!definite) return { errorCode: code('UNKNOWN_SERVER_ERROR'), errorMessage: null }
      if (authorizer === null)
        return { errorCode: code('SECURITY_DISABLED'), errorMessage: 'No Authorizer is configured.' }
      const problem = problemOf(creation)
      if (problem !== null) return { errorCode: code('INVALID_REQUEST'), errorMessage: problem }
      const { resourcePatternType: patternType, ...rest } = creation
      authorizer.add({ ...rest, patternType })
      // Kafka says nothing with the empty text.
      return { errorCode: 0, errorMessage: '' }
    })
    return { results }
  },
  refuse: ({ body }, errorCode) => ({
    results: body.creations.map(() => ({ errorCode, errorMessage: null })),
  }),
})

/** An ACL is about one kind of thing: what stands for several is for filters. */
function isOpen({ resourceType, resourcePatternType, operation, permissionType }: AclCreation): boolean {
  return (
    [resourceType, operation, permissionType, resourcePatternType].includes(ANY) ||
    resourcePatternType === MATCH
  )
}

/** Why there can be no such ACL, as Kafka says it (AclControlManager.validateNewAcl), or null. */
function problemOf(creation: AclCreation): string | null {
  const { resourceType, resourceName, principal } = creation
  if (resourceType === RESOURCES.Cluster && resourceName !== CLUSTER_NAME)
    return `The only valid name for the CLUSTER resource is ${CLUSTER_NAME}`
  if (resourceName === '') return 'Invalid empty resource name'
  const unknown = unknownPart(creation)
  if (unknown !== null) return `Invalid ${unknown} UNKNOWN`
  return principal.includes(':')
    ? null
    : `Could not parse principal from \`${principal}\` (no colon is present separating the principal type from the principal name)`
}

function unknownPart({
  resourceType,
  resourcePatternType,
  operation,
  permissionType,
}: AclCreation): string | null {
  if (!isOneOf(RESOURCES, resourceType)) return 'resourceType'
  if (resourcePatternType !== LITERAL && resourcePatternType !== PREFIXED) return 'patternType'
  if (!isOneOf(OPERATIONS, operation)) return 'operation'
  return permissionType === ALLOW || permissionType === DENY ? null : 'permissionType'
}

function isOneOf(codes: Readonly<Record<string, number>>, value: number): boolean {
  return Object.values(codes).includes(value)
}
