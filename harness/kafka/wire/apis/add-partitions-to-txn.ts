import type { ApiSchema } from '../schema.ts'

/**
 * AddPartitionsToTxn (24), versions 0 to 5, flexible from 3.
 * Adds partitions to a transaction. KIP-98, KIP-890.
 */
export const addPartitionsToTxn = {
  name: 'AddPartitionsToTxn',
  key: 24,
  min: 0,
  max: 5,
  flexibleFrom: 3,
  request: `
    transactions [] 4+
      transactionalId string 4+
      producerId int64 4+
      producerEpoch int16 4+
      verifyOnly bool 4+ =false
      topics [] 4+
        name string 0+
        partitions []int32 0+
    v3AndBelowTransactionalId string 0-3
    v3AndBelowProducerId int64 0-3
    v3AndBelowProducerEpoch int16 0-3
    v3AndBelowTopics [] 0-3
      name string 0+
      partitions []int32 0+
  `,
  response: `
    throttleTimeMs int32 0+
    errorCode int16 4+
    resultsByTransaction [] 4+
      transactionalId string 4+
      topicResults [] 4+
        name string 0+
        resultsByPartition [] 0+
          partitionIndex int32 0+
          partitionErrorCode int16 0+
    resultsByTopicV3AndBelow [] 0-3
      name string 0+
      resultsByPartition [] 0+
        partitionIndex int32 0+
        partitionErrorCode int16 0+
  `,
} as const satisfies ApiSchema
