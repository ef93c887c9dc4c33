import type { ApiSchema } from '../schema.ts'

/**
 * WriteTxnMarkers (27), versions 0 to 1, flexible from 1.
 * A coordinator's decision, written to partitions. KIP-98.
 */
export const writeTxnMarkers = {
  name: 'WriteTxnMarkers',
  key: 27,
  min: 0,
  max: 1,
  flexibleFrom: 1,
  request: `
    markers [] 0+
      producerId int64 0+
      producerEpoch int16 0+
      transactionResult bool 0+
      topics [] 0+
        name string 0+
        partitionIndexes []int32 0+
      coordinatorEpoch int32 0+
  `,
  response: `
    markers [] 0+
      producerId int64 0+
      topics [] 0+
        name string 0+
        partitions [] 0+
          partitionIndex int32 0+
          errorCode int16 0+
  `,
} as const satisfies ApiSchema
