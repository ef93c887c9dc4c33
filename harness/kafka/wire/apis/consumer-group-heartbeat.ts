import type { ApiSchema } from '../schema.ts'

/**
 * ConsumerGroupHeartbeat (68), versions 0 to 1, flexible from 0.
 * Membership and assignment of the consumer protocol. KIP-848. Since 1 the member names itself.
 */
export const consumerGroupHeartbeat = {
  name: 'ConsumerGroupHeartbeat',
  key: 68,
  min: 0,
  max: 1,
  flexibleFrom: 0,
  request: `
    groupId string 0+
    memberId string 0+
    memberEpoch int32 0+
    instanceId string 0+ null:0+ =null
    rackId string 0+ null:0+ =null
    rebalanceTimeoutMs int32 0+ =-1
    subscribedTopicNames []string 0+ null:0+ =null
    subscribedTopicRegex string 1+ null:1+ =null
    serverAssignor string 0+ null:0+ =null
    topicPartitions [] 0+ null:0+ =null
      topicId uuid 0+
      partitions []int32 0+
  `,
  response: `
    throttleTimeMs int32 0+
    errorCode int16 0+
    errorMessage string 0+ null:0+ =null
    memberId string 0+ null:0+ =null
    memberEpoch int32 0+
    heartbeatIntervalMs int32 0+
    assignment {} 0+ null:0+ =null
      topicPartitions [] 0+
        topicId uuid 0+
        partitions []int32 0+
  `,
} as const satisfies ApiSchema
