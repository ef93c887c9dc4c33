import type { ApiSchema } from '../schema.ts'

/**
 * DeleteGroups (42), versions 0 to 2, flexible from 2.
 * Removes empty groups. KIP-229.
 */
export const deleteGroups = {
  name: 'DeleteGroups',
  key: 42,
  min: 0,
  max: 2,
  flexibleFrom: 2,
  request: `
    groupsNames []string 0+
  `,
  response: `
    throttleTimeMs int32 0+
    results [] 0+
      groupId string 0+
      errorCode int16 0+
  `,
} as const satisfies ApiSchema
