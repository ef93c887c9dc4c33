import type { ApiSchema } from '../schema.ts'

/**
 * ListGroups (16), versions 0 to 5, flexible from 3.
 * Groups of a broker. KIP-518, KIP-848.
 */
export const listGroups = {
  name: 'ListGroups',
  key: 16,
  min: 0,
  max: 5,
  flexibleFrom: 3,
  request: `
    statesFilter []string 4+
    typesFilter []string 5+
  `,
  response: `
    throttleTimeMs int32 1+
    errorCode int16 0+
    groups [] 0+
      groupId string 0+
      protocolType string 0+
      groupState string 4+
      groupType string 5+
  `,
} as const satisfies ApiSchema
