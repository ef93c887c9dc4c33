import { type AclFilter, ALLOW, OPERATIONS, PREFIXED, RESOURCES } from '../access/acl.ts'
import type { AnswerDraft, ElementOf } from '../wire/index.ts'
import { code, servedAtOnce } from './handler.ts'

type Result = ElementOf<AnswerDraft<'DeleteAcls'>['filterResults']>

/**
 * DeleteAcls (31), versions 0 to 3 (KIP-140, KIP-290): all that a filter matches; SECURITY_DISABLED
 * where brokers ask nobody.
 */
export const deleteAcls = servedAtOnce('DeleteAcls')({
  min: 0,
  max: 3,
  apply: ({ cluster, body }) => {
    const { authorizer } = cluster
    const filterResults = body.filters.map((filter) => {
      const refused = (error: string, errorMessage: string): Result => ({
        errorCode: code(error),
        errorMessage,
        matchingAcls: [],
      })
      if (authorizer === null) return refused('SECURITY_DISABLED', 'No Authorizer is configured.')
      const unknown = unknownFilter(filter)
      if (unknown !== null) return refused('INVALID_REQUEST', `Unknown ${unknown}.`)
      const matchingAcls = authorizer
        .list(filter)
        .map((acl) => ({ ...acl, errorCode: 0, errorMessage: null }))
      return { errorCode: 0, errorMessage: null, matchingAcls }
    })
    // Filters that overlap find the same ones.
    for (const filter of body.filters) if (unknownFilter(filter) === null) authorizer?.remove(filter)
    return { filterResults }
  },
  refuse: ({ body }, errorCode) => ({
    filterResults: body.filters.map(() => ({ errorCode, errorMessage: null, matchingAcls: [] })),
  }),
})

/** The part of the filter that has no meaning, as Kafka calls it, or null. */
function unknownFilter({
  resourceTypeFilter,
  patternTypeFilter,
  operation,
  permissionType,
}: AclFilter): string | null {
  const isKnown = (value: number, most: number): boolean => value >= 1 && value <= most
  const { User } = RESOURCES
  if (!isKnown(resourceTypeFilter, User) || !isKnown(patternTypeFilter, PREFIXED)) return 'patternFilter'
  return isKnown(operation, OPERATIONS.DescribeTokens) && isKnown(permissionType, ALLOW)
    ? null
    : 'entryFilter'
}
