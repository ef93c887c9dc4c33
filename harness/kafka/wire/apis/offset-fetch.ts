import type { ApiSchema } from '../schema.ts'

/**
 * OffsetFetch (9), versions 0 to 10, flexible from 6. Reads committed offsets; none is offset −1
 * and no error. KIP-447 (stable), KIP-709 (several groups). 10 has topic ids, not stable in 4.1.
 */
export const offsetFetch = {
  name: 'OffsetFetch',
  key: 9,
  min: 0,
  max: 10,
  flexibleFrom: 6,
  request: `
    groupId string 0-7
    topics [] 0-7 null:2-7
      name string 0-7
      partitionIndexes []int32 0-7
    groups [] 8+
      groupId string 8+
      memberId string 9+ null:9+ =null
      memberEpoch int32 9+ =-1
      topics [] 8+ null:8+
        name string 8-9
        topicId uuid 10+
        partitionIndexes []int32 8+
    requireStable bool 7+ =false
  `,
  response: `
    throttleTimeMs int32 3+
    topics [] 0-7
      name string 0-7
      partitions [] 0-7
        partitionIndex int32 0-7
        committedOffset int64 0-7
        committedLeaderEpoch int32 5-7 =-1
        metadata string 0-7 null:0-7
        errorCode int16 0-7
    errorCode int16 2-7 =0
    groups [] 8+
      groupId string 8+
      topics [] 8+
        name string 8-9
        topicId uuid 10+
        partitions [] 8+
          partitionIndex int32 8+
          committedOffset int64 8+
          committedLeaderEpoch int32 8+ =-1
          metadata string 8+ null:8+
          errorCode int16 8+
      errorCode int16 8+ =0
  `,
} as const satisfies ApiSchema
