import type { ApiSchema } from '../schema.ts'

/**
 * TxnOffsetCommit (28), versions 0 to 5, flexible from 3. Offsets that become visible with their
 * transaction. KIP-447. Since 5 adds the group implicitly (KIP-890).
 */
export const txnOffsetCommit = {
  name: 'TxnOffsetCommit',
  key: 28,
  min: 0,
  max: 5,
  flexibleFrom: 3,
  request: `
    transactionalId string 0+
    groupId string 0+
    producerId int64 0+
    producerEpoch int16 0+
    generationId int32 3+ =-1
    memberId string 3+
    groupInstanceId string 3+ null:3+ =null
    topics [] 0+
      name string 0+
      partitions [] 0+
        partitionIndex int32 0+
        committedOffset int64 0+
        committedLeaderEpoch int32 2+ =-1
        committedMetadata string 0+ null:0+
  `,
  response: `
    throttleTimeMs int32 0+
    topics [] 0+
      name string 0+
      partitions [] 0+
        partitionIndex int32 0+
        errorCode int16 0+
  `,
} as const satisfies ApiSchema
