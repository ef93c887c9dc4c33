import type { ApiSchema } from '../schema.ts'

/**
 * ListTransactions (66), versions 0 to 2, flexible from 0.
 * Transactions of a broker. KIP-664.
 */
export const listTransactions = {
  name: 'ListTransactions',
  key: 66,
  min: 0,
  max: 2,
  flexibleFrom: 0,
  request: `
    stateFilters []string 0+
    producerIdFilters []int64 0+
    durationFilter int64 1+ =-1
    transactionalIdPattern string 2+ null:2+ =null
  `,
  response: `
    throttleTimeMs int32 0+
    errorCode int16 0+
    unknownStateFilters []string 0+
    transactionStates [] 0+
      transactionalId string 0+
      producerId int64 0+
      transactionState string 0+
  `,
} as const satisfies ApiSchema
