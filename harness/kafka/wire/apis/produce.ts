import type { ApiSchema } from '../schema.ts'

/**
 * Produce (0), versions 0 to 13, flexible from 9. Appends record batches to partitions. acks 0 has
 * no answer; acks −1 waits for the in-sync replicas. KIP-98, KIP-360, KIP-890. Since 13 topic ids
 * (KIP-516).
 */
export const produce = {
  name: 'Produce',
  key: 0,
  min: 0,
  max: 13,
  flexibleFrom: 9,
  request: `
    transactionalId string 3+ null:3+ =null
    acks int16 0+
    timeoutMs int32 0+
    topicData [] 0+
      name string 0-12
      topicId uuid 13+
      partitionData [] 0+
        index int32 0+
        records records 0+ null:0+
  `,
  response: `
    responses [] 0+
      name string 0-12
      topicId uuid 13+
      partitionResponses [] 0+
        index int32 0+
        errorCode int16 0+
        baseOffset int64 0+
        logAppendTimeMs int64 2+ =-1
        logStartOffset int64 5+ =-1
        recordErrors [] 8+
          batchIndex int32 8+
          batchIndexErrorMessage string 8+ null:8+ =null
        errorMessage string 8+ null:8+ =null
        currentLeader {} 10+ tag:0:10+
          leaderId int32 10+ =-1
          leaderEpoch int32 10+ =-1
    throttleTimeMs int32 1+ =0
    nodeEndpoints [] 10+ tag:0:10+
      nodeId int32 10+
      host string 10+
      port int32 10+
      rack string 10+ null:10+ =null
  `,
} as const satisfies ApiSchema
