import type { ApiSchema } from '../schema.ts'

/**
 * DeleteRecords (21), versions 0 to 2, flexible from 2.
 * Moves the start of partitions. KIP-107.
 */
export const deleteRecords = {
  name: 'DeleteRecords',
  key: 21,
  min: 0,
  max: 2,
  flexibleFrom: 2,
  request: `
    topics [] 0+
      name string 0+
      partitions [] 0+
        partitionIndex int32 0+
        offset int64 0+
    timeoutMs int32 0+
  `,
  response: `
    throttleTimeMs int32 0+
    topics [] 0+
      name string 0+
      partitions [] 0+
        partitionIndex int32 0+
        lowWatermark int64 0+
        errorCode int16 0+
  `,
} as const satisfies ApiSchema
