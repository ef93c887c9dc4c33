import type { ApiSchema } from '../schema.ts'

/**
 * LeaveGroup (13), versions 0 to 5, flexible from 4.
 * Leaves a classic group at once. KIP-345 (several members).
 */
export const leaveGroup = {
  name: 'LeaveGroup',
  key: 13,
  min: 0,
  max: 5,
  flexibleFrom: 4,
  request: `
    groupId string 0+
    memberId string 0-2
    members [] 3+
      memberId string 3+
      groupInstanceId string 3+ null:3+ =null
      reason string 5+ null:5+ =null
  `,
  response: `
    throttleTimeMs int32 1+
    errorCode int16 0+
    members [] 3+
      memberId string 3+
      groupInstanceId string 3+ null:3+
      errorCode int16 3+
  `,
} as const satisfies ApiSchema
