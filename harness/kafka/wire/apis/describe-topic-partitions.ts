import type { ApiSchema } from '../schema.ts'

/**
 * DescribeTopicPartitions (75), version 0, flexible from 0.
 * Partitions of topics, page by page, with eligible leader replicas. KIP-966.
 */
export const describeTopicPartitions = {
  name: 'DescribeTopicPartitions',
  key: 75,
  min: 0,
  max: 0,
  flexibleFrom: 0,
  request: `
    topics [] 0+
      name string 0+
    responsePartitionLimit int32 0+ =2000
    cursor {} 0+ null:0+ =null
      topicName string 0+
      partitionIndex int32 0+
  `,
  response: `
    throttleTimeMs int32 0+
    topics [] 0+
      errorCode int16 0+
      name string 0+ null:0+
      topicId uuid 0+
      isInternal bool 0+
      partitions [] 0+
        errorCode int16 0+
        partitionIndex int32 0+
        leaderId int32 0+
        leaderEpoch int32 0+ =-1
        replicaNodes []int32 0+
        isrNodes []int32 0+
        eligibleLeaderReplicas []int32 0+ null:0+ =null
        lastKnownElr []int32 0+ null:0+ =null
        offlineReplicas []int32 0+
      topicAuthorizedOperations int32 0+ =-2147483648
    nextCursor {} 0+ null:0+ =null
      topicName string 0+
      partitionIndex int32 0+
  `,
} as const satisfies ApiSchema
