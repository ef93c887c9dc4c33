import type { ApiSchema } from '../schema.ts'

/**
 * IncrementalAlterConfigs (44), versions 0 to 1, flexible from 1.
 * Changes single values. KIP-339.
 */
export const incrementalAlterConfigs = {
  name: 'IncrementalAlterConfigs',
  key: 44,
  min: 0,
  max: 1,
  flexibleFrom: 1,
  request: `
    resources [] 0+
      resourceType int8 0+
      resourceName string 0+
      configs [] 0+
        name string 0+
        configOperation int8 0+
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
