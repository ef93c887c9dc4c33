import type { ApiSchema } from '../schema.ts'

/**
 * AddOffsetsToTxn (25), versions 0 to 4, flexible from 3.
 * Adds a group's offsets partition to a transaction.
 */
export const addOffsetsToTxn = {
  name: 'AddOffsetsToTxn',
  key: 25,
  min: 0,
  max: 4,
  flexibleFrom: 3,
  request: `
    transactionalId string 0+
    producerId int64 0+
    producerEpoch int16 0+
    groupId string 0+
  `,
  response: `
    throttleTimeMs int32 0+
    errorCode int16 0+
  `,
} as const satisfies ApiSchema
