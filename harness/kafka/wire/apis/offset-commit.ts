import type { ApiSchema } from '../schema.ts'

/**
 * OffsetCommit (8), versions 0 to 10, flexible from 8. Stores the next offset to read for a group's
 * partitions. KIP-211, KIP-345, KIP-848. 10 has topic ids, not stable in 4.1.
 */
export const offsetCommit = {
  name: 'OffsetCommit',
  key: 8,
  min: 0,
  max: 10,
  flexibleFrom: 8,
  request: `
    groupId string 0+
    generationIdOrMemberEpoch int32 1+ =-1
    memberId string 1+
    groupInstanceId string 7+ null:7+ =null
    retentionTimeMs int64 2-4 =-1
    topics [] 0+
      name string 0-9
      topicId uuid 10+
      partitions [] 0+
        partitionIndex int32 0+
        committedOffset int64 0+
        committedLeaderEpoch int32 6+ =-1
        commitTimestamp int64 1 =-1
        committedMetadata string 0+ null:0+
  `,
  response: `
    throttleTimeMs int32 3+
    topics [] 0+
      name string 0-9
      topicId uuid 10+
      partitions [] 0+
        partitionIndex int32 0+
        errorCode int16 0+
  `,
} as const satisfies ApiSchema
