import type { ApiSchema } from '../schema.ts'

/**
 * OffsetForLeaderEpoch (23), versions 0 to 4, flexible from 4.
 * Where a leader epoch ends. KIP-101, KIP-320.
 */
export const offsetForLeaderEpoch = {
  name: 'OffsetForLeaderEpoch',
  key: 23,
  min: 0,
  max: 4,
  flexibleFrom: 4,
  request: `
    replicaId int32 3+ =-2
    topics [] 0+
      topic string 0+
      partitions [] 0+
        partition int32 0+
        currentLeaderEpoch int32 2+ =-1
        leaderEpoch int32 0+
  `,
  response: `
    throttleTimeMs int32 2+
    topics [] 0+
      topic string 0+
      partitions [] 0+
        errorCode int16 0+
        partition int32 0+
        leaderEpoch int32 1+ =-1
        endOffset int64 0+ =-1
  `,
} as const satisfies ApiSchema
