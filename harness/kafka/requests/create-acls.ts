import { type Acl, ALLOW, ANY, CLUSTER_NAME, DENY, LITERAL, PREFIXED, RESOURCES } from '../access/acl.ts'
import { code, servedAtOnce } from './handler.ts'

interface Creation extends Omit<Acl, 'patternType'> {
  readonly resourcePatternType: number
}

/** CreateAcls (30), versions 0 to 3 (KIP-140, KIP-290): each by itself; SECURITY_DISABLED where brokers ask nobody. */
export const createAcls = servedAtOnce('CreateAcls', {
  min: 0,
  max: 3,
  apply: ({ cluster, body }) => {
    const { authorizer } = cluster
    // Kafka stumbles over the whole request then.
    const definite = body.creations.every(isDefinite)
    const results = body.creations.map((creation) => {
      if (!definite) return { errorCode: code('UNKNOWN_SERVER_ERROR'), errorMessage: null }
      if (authorizer === null)
        return { errorCode: code('SECURITY_DISABLED'), errorMessage: 'No Authorizer is configured.' }
      const problem = problemOf(creation)
      if (problem !== null) return { errorCode: code('INVALID_REQUEST'), errorMessage: problem }
      const { resourcePatternType: patternType, ...rest } = creation
      authorizer.add({ ...rest, patternType })
      return { errorCode: 0, errorMessage: null }
    })
    return { results }
  },
  refuse: ({ body }, errorCode) => ({
    results: body.creations.map(() => ({ errorCode, errorMessage: null })),
  }),
})

/** An ACL is about one kind of thing: what stands for several is for filters. */
function isDefinite(creation: Creation): boolean {
  const { resourceType, resourcePatternType, operation, permissionType } = creation
  return (
    resourceType > ANY &&
    operation > ANY &&
    (resourcePatternType === LITERAL || resourcePatternType === PREFIXED) &&
    (permissionType === ALLOW || permissionType === DENY)
  )
}

/** Why there can be no such ACL, as Kafka says it, or null. */
function problemOf({ resourceType, resourceName }: Creation): string | null {
  if (resourceType === RESOURCES.Cluster && resourceName !== CLUSTER_NAME)
    return `The only valid name for the CLUSTER resource is ${CLUSTER_NAME}`
  return resourceName === '' ? 'Invalid empty resource name' : null
}
