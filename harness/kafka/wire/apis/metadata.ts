import type { ApiSchema } from '../schema.ts'

/**
 * Metadata (3), versions 0 to 13, flexible from 9.
 * Brokers, topics, partitions and their leaders. KIP-516.
 */
export const metadata = {
  name: 'Metadata',
  key: 3,
  min: 0,
  max: 13,
  flexibleFrom: 9,
  request: `
    topics [] 0+ null:1+
      topicId uuid 10+
      name string 0+ null:10+
    allowAutoTopicCreation bool 4+ =true
    includeClusterAuthorizedOperations bool 8-10
    includeTopicAuthorizedOperations bool 8+
  `,
  response: `
    throttleTimeMs int32 3+
    brokers [] 0+
      nodeId int32 0+
      host string 0+
      port int32 0+
      rack string 1+ null:1+ =null
    clusterId string 2+ null:2+ =null
    controllerId int32 1+ =-1
    topics [] 0+
      errorCode int16 0+
      name string 0+ null:12+
      topicId uuid 10+
      isInternal bool 1+ =false
      partitions [] 0+
        errorCode int16 0+
        partitionIndex int32 0+
        leaderId int32 0+
        leaderEpoch int32 7+ =-1
        replicaNodes []int32 0+
        isrNodes []int32 0+
        offlineReplicas []int32 5+
      topicAuthorizedOperations int32 8+ =-2147483648
    clusterAuthorizedOperations int32 8-10 =-2147483648
    errorCode int16 13+
  `,
} as const satisfies ApiSchema
