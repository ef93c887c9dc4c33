import type { ApiSchema } from '../schema.ts'

/**
 * ListOffsets (2), versions 0 to 10, flexible from 6.
 * Finds offsets by timestamp; −1 is the end, −2 the start. KIP-79, KIP-207.
 */
export const listOffsets = {
  name: 'ListOffsets',
  key: 2,
  min: 0,
  max: 10,
  flexibleFrom: 6,
  request: `
    replicaId int32 0+
    isolationLevel int8 2+
    topics [] 0+
      name string 0+
      partitions [] 0+
        partitionIndex int32 0+
        currentLeaderEpoch int32 4+ =-1
        timestamp int64 0+
        maxNumOffsets int32 0 =1
    timeoutMs int32 10+
  `,
  response: `
    throttleTimeMs int32 2+
    topics [] 0+
      name string 0+
      partitions [] 0+
        partitionIndex int32 0+
        errorCode int16 0+
        oldStyleOffsets []int64 0
        timestamp int64 1+ =-1
        offset int64 1+ =-1
        leaderEpoch int32 4+ =-1
  `,
} as const satisfies ApiSchema
