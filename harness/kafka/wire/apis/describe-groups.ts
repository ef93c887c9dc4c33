import type { ApiSchema } from '../schema.ts'

/**
 * DescribeGroups (15), versions 0 to 6, flexible from 5.
 * State and members of groups. Since 6 a dead group is an error.
 */
export const describeGroups = {
  name: 'DescribeGroups',
  key: 15,
  min: 0,
  max: 6,
  flexibleFrom: 5,
  request: `
    groups []string 0+
    includeAuthorizedOperations bool 3+
  `,
  response: `
    throttleTimeMs int32 1+
    groups [] 0+
      errorCode int16 0+
      errorMessage string 6+ null:6+ =null
      groupId string 0+
      groupState string 0+
      protocolType string 0+
      protocolData string 0+
      members [] 0+
        memberId string 0+
        groupInstanceId string 4+ null:4+ =null
        clientId string 0+
        clientHost string 0+
        memberMetadata bytes 0+
        memberAssignment bytes 0+
      authorizedOperations int32 3+ =-2147483648
  `,
} as const satisfies ApiSchema
