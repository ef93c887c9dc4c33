import type { ApiSchema } from '../schema.ts'

/**
 * EndTxn (26), versions 0 to 5, flexible from 3. Commits or aborts; answers when the decision is
 * durable. KIP-890. Since 5 the answer carries a new epoch.
 */
export const endTxn = {
  name: 'EndTxn',
  key: 26,
  min: 0,
  max: 5,
  flexibleFrom: 3,
  request: `
    transactionalId string 0+
    producerId int64 0+
    producerEpoch int16 0+
    committed bool 0+
  `,
  response: `
    throttleTimeMs int32 0+
    errorCode int16 0+
    producerId int64 5+ =-1
    producerEpoch int16 5+ =-1
  `,
} as const satisfies ApiSchema
