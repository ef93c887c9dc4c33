import type { ApiSchema } from '../schema.ts'

/**
 * CreateTopics (19), versions 0 to 7, flexible from 5.
 * Creates topics. KIP-4, KIP-525.
 */
export const createTopics = {
  name: 'CreateTopics',
  key: 19,
  min: 0,
  max: 7,
  flexibleFrom: 5,
  request: `
    topics [] 0+
      name string 0+
      numPartitions int32 0+
      replicationFactor int16 0+
      assignments [] 0+
        partitionIndex int32 0+
        brokerIds []int32 0+
      configs [] 0+
        name string 0+
        value string 0+ null:0+
    timeoutMs int32 0+ =60000
    validateOnly bool 1+ =false
  `,
  response: `
    throttleTimeMs int32 2+
    topics [] 0+
      name string 0+
      topicId uuid 7+
      errorCode int16 0+
      errorMessage string 1+ null:0+
      topicConfigErrorCode int16 5+ tag:0:5+
      numPartitions int32 5+ =-1
      replicationFactor int16 5+ =-1
      configs [] 5+ null:5+
        name string 5+
        value string 5+ null:5+
        readOnly bool 5+
        configSource int8 5+ =-1
        isSensitive bool 5+
  `,
} as const satisfies ApiSchema
