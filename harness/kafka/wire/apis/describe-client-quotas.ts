import type { ApiSchema } from '../schema.ts'

/**
 * DescribeClientQuotas (48), versions 0 to 1, flexible from 1.
 * Lists quotas of users and client ids. KIP-546.
 */
export const describeClientQuotas = {
  name: 'DescribeClientQuotas',
  key: 48,
  min: 0,
  max: 1,
  flexibleFrom: 1,
  request: `
    components [] 0+
      entityType string 0+
      matchType int8 0+
      match string 0+ null:0+
    strict bool 0+
  `,
  response: `
    throttleTimeMs int32 0+
    errorCode int16 0+
    errorMessage string 0+ null:0+
    entries [] 0+ null:0+
      entity [] 0+
        entityType string 0+
        entityName string 0+ null:0+
      values [] 0+
        key string 0+
        value float64 0+
  `,
} as const satisfies ApiSchema
