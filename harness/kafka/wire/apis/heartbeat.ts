import type { ApiSchema } from '../schema.ts'

/**
 * Heartbeat (12), versions 0 to 4, flexible from 4.
 * Keeps a member of a classic group alive; answers REBALANCE_IN_PROGRESS.
 */
export const heartbeat = {
  name: 'Heartbeat',
  key: 12,
  min: 0,
  max: 4,
  flexibleFrom: 4,
  request: `
    groupId string 0+
    generationId int32 0+
    memberId string 0+
    groupInstanceId string 3+ null:3+ =null
  `,
  response: `
    throttleTimeMs int32 1+
    errorCode int16 0+
  `,
} as const satisfies ApiSchema
