import type { ApiSchema } from '../schema.ts'

/**
 * InitProducerId (22), versions 0 to 6, flexible from 2. Gives a producer its id and epoch, and
 * fences older ones. KIP-98, KIP-360, KIP-588. 6 is KIP-939, not stable in 4.1.
 */
export const initProducerId = {
  name: 'InitProducerId',
  key: 22,
  min: 0,
  max: 6,
  flexibleFrom: 2,
  request: `
    transactionalId string 0+ null:0+
    transactionTimeoutMs int32 0+
    producerId int64 3+ =-1
    producerEpoch int16 3+ =-1
    enable2Pc bool 6+
    keepPreparedTxn bool 6+
  `,
  response: `
    throttleTimeMs int32 0+
    errorCode int16 0+
    producerId int64 0+ =-1
    producerEpoch int16 0+
    ongoingTxnProducerId int64 6+ =-1
    ongoingTxnProducerEpoch int16 6+ =-1
  `,
} as const satisfies ApiSchema
