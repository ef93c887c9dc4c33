import { entityParts, problemOfEntity, problemOfValue, type QuotaEntity } from '../quota/client-quotas.ts'
import { code, servedAtOnce } from './handler.ts'

interface QuotaAlteration {
  readonly entity: readonly { readonly entityType: string; readonly entityName: string | null }[]
  readonly ops: readonly { readonly key: string; readonly value: number; readonly remove: boolean }[]
}

/**
 * AlterClientQuotas (49), versions 0 to 1 (KIP-546): each entity by itself, all of its values or
 * none.
 */
export const alterClientQuotas = servedAtOnce('AlterClientQuotas')({
  min: 0,
  max: 1,
  apply: ({ cluster, body }) => ({
    entries: body.entries.map(({ entity, ops }) => {
      const named = entityOf(entity)
      const problem = problemOf(named, ops)
      if (problem === null && !body.validateOnly) {
        const changes = new Map(ops.map(({ key, value, remove }) => [key, remove ? null : value]))
        cluster.throttled().quotas.alter(named, changes)
      }
      return {
        errorCode: code(problem === null ? 'NONE' : 'INVALID_REQUEST'),
        errorMessage: problem,
        entity: entityParts(named),
      }
    }),
  }),
  refuse: ({ body }, errorCode) => ({
    entries: body.entries.map(({ entity }) => ({ errorCode, errorMessage: null, entity })),
  }),
})

function entityOf(entity: QuotaAlteration['entity']): QuotaEntity {
  return Object.fromEntries(entity.map(({ entityType, entityName }) => [entityType, entityName]))
}

function problemOf(entity: QuotaEntity, ops: QuotaAlteration['ops']): string | null {
  const keys = ops.map(({ key }) => key)
  const twice = keys.find((key, index) => keys.indexOf(key) !== index)
  if (twice !== undefined) return `Duplicate quota key ${twice}`
  const wrong = problemOfEntity(entity)
  if (wrong !== null) return wrong
  for (const { key, value, remove } of ops) {
    const problem = remove ? null : problemOfValue(entity, key, value)
    if (problem !== null) return problem
  }
  return null
}
