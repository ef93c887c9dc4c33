import { entityParts, type QuotaEntity } from '../quota/client-quotas.ts'
import type { RequestBody } from '../wire/index.ts'
import { code, servedAtOnce } from './handler.ts'

const EXACTLY = 0
const BY_DEFAULT = 1
const ANY = 2

/**
 * DescribeClientQuotas (48), versions 0 to 1 (KIP-546). Entities that have all that the components
 * name, and with `strict` nothing else.
 */
export const describeClientQuotas = servedAtOnce('DescribeClientQuotas')({
  min: 0,
  max: 1,
  apply: ({ cluster, body }) => {
    const problem = problemOf(body)
    if (problem !== null) return { errorCode: code(problem.error), errorMessage: problem.why, entries: null }
    const entries = cluster.throttling?.quotas.entries ?? []
    return {
      errorCode: 0,
      entries: entries
        .filter(({ entity }) => matches(entity, body))
        .map(({ entity, values }) => ({
          entity: entityParts(entity),
          values: [...values].map(([key, value]) => ({ key, value })),
        })),
    }
  },
  refuse: (_context, errorCode) => ({ errorCode, entries: null }),
})

function matches(entity: QuotaEntity, { components, strict }: RequestBody<'DescribeClientQuotas'>): boolean {
  if (strict && Object.keys(entity).length !== components.length) return false
  return components.every(
    ({ entityType, matchType, match }) =>
      entityType in entity && (matchType === ANY || entity[entityType] === match),
  )
}

function problemOf({
  components,
}: RequestBody<'DescribeClientQuotas'>): { readonly error: string; readonly why: string } | null {
  const invalid = (why: string): { error: string; why: string } => ({ error: 'INVALID_REQUEST', why })
  const types = components.map(({ entityType }) => entityType)
  for (const [index, { entityType, matchType, match }] of components.entries()) {
    if (entityType === '') return invalid('Invalid empty entity type.')
    if (types.indexOf(entityType) !== index)
      return invalid(`Entity type ${entityType} cannot appear more than once in the filter.`)
    if (entityType !== 'ip' && entityType !== 'user' && entityType !== 'client-id')
      return { error: 'UNSUPPORTED_VERSION', why: `Unsupported entity type ${entityType}` }
    if (matchType !== EXACTLY && matchType !== BY_DEFAULT && matchType !== ANY)
      return invalid(`Unknown match type ${matchType}`)
    if (matchType === EXACTLY && match === null)
      return invalid('Request specified MATCH_TYPE_EXACT, but set match string to null.')
    if (matchType !== EXACTLY && match !== null) {
      const name = matchType === ANY ? 'MATCH_TYPE_SPECIFIED' : 'MATCH_TYPE_DEFAULT'
      return invalid(`Request specified ${name}, but also specified a match string.`)
    }
  }
  return types.includes('ip') && types.length > 1
    ? invalid(
        'Invalid entity filter component combination. IP filter component should not be used with user or clientId filter component.',
      )
    : null
}
