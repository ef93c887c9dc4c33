import type { ApiSchema } from '../schema.ts'

/**
 * CreatePartitions (37), versions 0 to 3, flexible from 2.
 * Adds partitions to topics. KIP-195.
 */
export const createPartitions = {
  name: 'CreatePartitions',
  key: 37,
  min: 0,
  max: 3,
  flexibleFrom: 2,
  request: `
    topics [] 0+
      name string 0+
      count int32 0+
      assignments [] 0+ null:0+
        brokerIds []int32 0+
    timeoutMs int32 0+
    validateOnly bool 0+
  `,
  response: `
    throttleTimeMs int32 0+
    results [] 0+
      name string 0+
      errorCode int16 0+
      errorMessage string 0+ null:0+ =null
  `,
} as const satisfies ApiSchema
