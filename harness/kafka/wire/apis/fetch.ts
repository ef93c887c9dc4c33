import type { ApiSchema } from '../schema.ts'

/**
 * Fetch (1), versions 0 to 18, flexible from 12. Reads batches from partitions; a long poll with
 * least and most bytes. KIP-227 (sessions), KIP-320 (leader epochs), KIP-516 (topic ids). KIP-1166
 * (high watermark of the reader).
 */
export const fetch = {
  name: 'Fetch',
  key: 1,
  min: 0,
  max: 18,
  flexibleFrom: 12,
  request: `
    clusterId string 12+ null:12+ tag:0:12+ =null
    replicaId int32 0-14 =-1
    replicaState {} 15+ tag:1:15+
      replicaId int32 15+ =-1
      replicaEpoch int64 15+ =-1
    maxWaitMs int32 0+
    minBytes int32 0+
    maxBytes int32 3+ =0x7fffffff
    isolationLevel int8 4+ =0
    sessionId int32 7+ =0
    sessionEpoch int32 7+ =-1
    topics [] 0+
      topic string 0-12
      topicId uuid 13+
      partitions [] 0+
        partition int32 0+
        currentLeaderEpoch int32 9+ =-1
        fetchOffset int64 0+
        lastFetchedEpoch int32 12+ =-1
        logStartOffset int64 5+ =-1
        partitionMaxBytes int32 0+
        replicaDirectoryId uuid 17+ tag:0:17+
        highWatermark int64 18+ tag:1:18+ =9223372036854775807
    forgottenTopicsData [] 7+
      topic string 7-12
      topicId uuid 13+
      partitions []int32 7+
    rackId string 11+
  `,
  response: `
    throttleTimeMs int32 1+
    errorCode int16 7+
    sessionId int32 7+ =0
    responses [] 0+
      topic string 0-12
      topicId uuid 13+
      partitions [] 0+
        partitionIndex int32 0+
        errorCode int16 0+
        highWatermark int64 0+
        lastStableOffset int64 4+ =-1
        logStartOffset int64 5+ =-1
        divergingEpoch {} 12+ tag:0:12+
          epoch int32 12+ =-1
          endOffset int64 12+ =-1
        currentLeader {} 12+ tag:1:12+
          leaderId int32 12+ =-1
          leaderEpoch int32 12+ =-1
        snapshotId {} 12+ tag:2:12+
          endOffset int64 0+ =-1
          epoch int32 0+ =-1
        abortedTransactions [] 4+ null:4+
          producerId int64 4+
          firstOffset int64 4+
        preferredReadReplica int32 11+ =-1
        records records 0+ null:0+
    nodeEndpoints [] 16+ tag:0:16+
      nodeId int32 16+
      host string 16+
      port int32 16+
      rack string 16+ null:16+ =null
  `,
} as const satisfies ApiSchema
