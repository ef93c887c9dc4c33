import type { ApiSchema } from '../schema.ts'

/**
 * JoinGroup (11), versions 0 to 9, flexible from 6.
 * Enters a classic group, and waits for the generation. KIP-62, KIP-345, KIP-394, KIP-800.
 */
export const joinGroup = {
  name: 'JoinGroup',
  key: 11,
  min: 0,
  max: 9,
  flexibleFrom: 6,
  request: `
    groupId string 0+
    sessionTimeoutMs int32 0+
    rebalanceTimeoutMs int32 1+ =-1
    memberId string 0+
    groupInstanceId string 5+ null:5+ =null
    protocolType string 0+
    protocols [] 0+
      name string 0+
      metadata bytes 0+
    reason string 8+ null:8+ =null
  `,
  response: `
    throttleTimeMs int32 2+
    errorCode int16 0+
    generationId int32 0+ =-1
    protocolType string 7+ null:7+ =null
    protocolName string 0+ null:7+
    leader string 0+
    skipAssignment bool 9+ =false
    memberId string 0+
    members [] 0+
      memberId string 0+
      groupInstanceId string 5+ null:5+ =null
      metadata bytes 0+
  `,
} as const satisfies ApiSchema
