import type { ApiSchema } from '../schema.ts'

/**
 * AlterClientQuotas (49), versions 0 to 1, flexible from 1.
 * Sets and removes quotas of users and client ids. KIP-546.
 */
export const alterClientQuotas = {
  name: 'AlterClientQuotas',
  key: 49,
  min: 0,
  max: 1,
  flexibleFrom: 1,
  request: `
    entries [] 0+
      entity [] 0+
        entityType string 0+
        entityName string 0+ null:0+
      ops [] 0+
        key string 0+
        value float64 0+
        remove bool 0+
    validateOnly bool 0+
  `,
  response: `
    throttleTimeMs int32 0+
    entries [] 0+
      errorCode int16 0+
      errorMessage string 0+ null:0+
      entity [] 0+
        entityType string 0+
        entityName string 0+ null:0+
  `,
} as const satisfies ApiSchema
