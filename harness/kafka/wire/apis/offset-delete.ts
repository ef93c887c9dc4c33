import type { ApiSchema } from '../schema.ts'

/**
 * OffsetDelete (47), versions 0 to 0, never flexible.
 * Removes committed offsets. KIP-496.
 */
export const offsetDelete = {
  name: 'OffsetDelete',
  key: 47,
  min: 0,
  max: 0,
  flexibleFrom: null,
  request: `
    groupId string 0+
    topics [] 0+
      name string 0+
      partitions [] 0+
        partitionIndex int32 0+
  `,
  response: `
    errorCode int16 0+
    throttleTimeMs int32 0+
    topics [] 0+
      name string 0+
      partitions [] 0+
        partitionIndex int32 0+
        errorCode int16 0+
  `,
} as const satisfies ApiSchema
