import type { ApiSchema } from '../schema.ts'

/**
 * SyncGroup (14), versions 0 to 5, flexible from 4.
 * Hands in the leader's assignment, and gives each member its own.
 */
export const syncGroup = {
  name: 'SyncGroup',
  key: 14,
  min: 0,
  max: 5,
  flexibleFrom: 4,
  request: `
    groupId string 0+
    generationId int32 0+
    memberId string 0+
    groupInstanceId string 3+ null:3+ =null
    protocolType string 5+ null:5+ =null
    protocolName string 5+ null:5+ =null
    assignments [] 0+
      memberId string 0+
      assignment bytes 0+
  `,
  response: `
    throttleTimeMs int32 1+
    errorCode int16 0+
    protocolType string 5+ null:5+ =null
    protocolName string 5+ null:5+ =null
    assignment bytes 0+
  `,
} as const satisfies ApiSchema
