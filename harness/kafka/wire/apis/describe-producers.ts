import type { ApiSchema } from '../schema.ts'

/**
 * DescribeProducers (61), versions 0 to 0, flexible from 0.
 * Producer state of partitions. KIP-664.
 */
export const describeProducers = {
  name: 'DescribeProducers',
  key: 61,
  min: 0,
  max: 0,
  flexibleFrom: 0,
  request: `
    topics [] 0+
      name string 0+
      partitionIndexes []int32 0+
  `,
  response: `
    throttleTimeMs int32 0+
    topics [] 0+
      name string 0+
      partitions [] 0+
        partitionIndex int32 0+
        errorCode int16 0+
        errorMessage string 0+ null:0+ =null
        activeProducers [] 0+
          producerId int64 0+
          producerEpoch int32 0+
          lastSequence int32 0+ =-1
          lastTimestamp int64 0+ =-1
          coordinatorEpoch int32 0+
          currentTxnStartOffset int64 0+ =-1
  `,
} as const satisfies ApiSchema
