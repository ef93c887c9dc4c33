import type { ApiSchema } from '../schema.ts'

/**
 * AlterConfigs (33), versions 0 to 2, flexible from 2.
 * Replaces configuration. KIP-133.
 */
export const alterConfigs = {
  name: 'AlterConfigs',
  key: 33,
  min: 0,
  max: 2,
  flexibleFrom: 2,
  request: `
    resources [] 0+
      resourceType int8 0+
      resourceName string 0+
      configs [] 0+
        name string 0+
        value string 0+ null:0+
    validateOnly bool 0+
  `,
  response: `
    throttleTimeMs int32 0+
    responses [] 0+
      errorCode int16 0+
      errorMessage string 0+ null:0+
      resourceType int8 0+
      resourceName string 0+
  `,
} as const satisfies ApiSchema
