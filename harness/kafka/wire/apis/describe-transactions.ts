import type { ApiSchema } from '../schema.ts'

/**
 * DescribeTransactions (65), versions 0 to 0, flexible from 0.
 * State of transactions. KIP-664.
 */
export const describeTransactions = {
  name: 'DescribeTransactions',
  key: 65,
  min: 0,
  max: 0,
  flexibleFrom: 0,
  request: `
    transactionalIds []string 0+
  `,
  response: `
    throttleTimeMs int32 0+
    transactionStates [] 0+
      errorCode int16 0+
      transactionalId string 0+
      transactionState string 0+
      transactionTimeoutMs int32 0+
      transactionStartTimeMs int64 0+
      producerId int64 0+
      producerEpoch int16 0+
      topics [] 0+
        topic string 0+
        partitions []int32 0+
  `,
} as const satisfies ApiSchema
