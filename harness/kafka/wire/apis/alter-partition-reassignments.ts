import type { ApiSchema } from '../schema.ts'

/**
 * AlterPartitionReassignments (45), versions 0 to 1, flexible from 0. Starts or cancels moves of
 * replicas. KIP-455; since 1 the replication factor may be held, KIP-860.
 */
export const alterPartitionReassignments = {
  name: 'AlterPartitionReassignments',
  key: 45,
  min: 0,
  max: 1,
  flexibleFrom: 0,
  request: `
    timeoutMs int32 0+ =60000
    allowReplicationFactorChange bool 1+ =true
    topics [] 0+
      name string 0+
      partitions [] 0+
        partitionIndex int32 0+
        replicas []int32 0+ null:0+ =null
  `,
  response: `
    throttleTimeMs int32 0+
    allowReplicationFactorChange bool 1+ =true
    errorCode int16 0+
    errorMessage string 0+ null:0+
    responses [] 0+
      name string 0+
      partitions [] 0+
        partitionIndex int32 0+
        errorCode int16 0+
        errorMessage string 0+ null:0+
  `,
} as const satisfies ApiSchema
