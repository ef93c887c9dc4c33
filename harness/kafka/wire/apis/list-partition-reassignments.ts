import type { ApiSchema } from '../schema.ts'

/**
 * ListPartitionReassignments (46), version 0, flexible from 0.
 * Moves of replicas that go on. KIP-455.
 */
export const listPartitionReassignments = {
  name: 'ListPartitionReassignments',
  key: 46,
  min: 0,
  max: 0,
  flexibleFrom: 0,
  request: `
    timeoutMs int32 0+ =60000
    topics [] 0+ null:0+ =null
      name string 0+
      partitionIndexes []int32 0+
  `,
  response: `
    throttleTimeMs int32 0+
    errorCode int16 0+
    errorMessage string 0+ null:0+
    topics [] 0+
      name string 0+
      partitions [] 0+
        partitionIndex int32 0+
        replicas []int32 0+
        addingReplicas []int32 0+
        removingReplicas []int32 0+
  `,
} as const satisfies ApiSchema
