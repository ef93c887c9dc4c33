import type { ApiSchema } from '../schema.ts'

/**
 * ConsumerGroupDescribe (69), versions 0 to 1, flexible from 0.
 * State of a KIP-848 group.
 */
export const consumerGroupDescribe = {
  name: 'ConsumerGroupDescribe',
  key: 69,
  min: 0,
  max: 1,
  flexibleFrom: 0,
  request: `
    groupIds []string 0+
    includeAuthorizedOperations bool 0+
  `,
  response: `
    throttleTimeMs int32 0+
    groups [] 0+
      errorCode int16 0+
      errorMessage string 0+ null:0+ =null
      groupId string 0+
      groupState string 0+
      groupEpoch int32 0+
      assignmentEpoch int32 0+
      assignorName string 0+
      members [] 0+
        memberId string 0+
        instanceId string 0+ null:0+ =null
        rackId string 0+ null:0+ =null
        memberEpoch int32 0+
        clientId string 0+
        clientHost string 0+
        subscribedTopicNames []string 0+
        subscribedTopicRegex string 0+ null:0+ =null
        assignment {} 0+
          topicPartitions [] 0+
            topicId uuid 0+
            topicName string 0+
            partitions []int32 0+
        targetAssignment {} 0+
          topicPartitions [] 0+
            topicId uuid 0+
            topicName string 0+
            partitions []int32 0+
        memberType int8 1+ =-1
      authorizedOperations int32 0+ =-2147483648
  `,
} as const satisfies ApiSchema
