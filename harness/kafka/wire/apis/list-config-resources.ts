import type { ApiSchema } from '../schema.ts'

/**
 * ListConfigResources (74), versions 0 to 1, flexible from 0.
 * Resources that have configurations; version 0 lists client metrics only. KIP-714, KIP-1142.
 */
export const listConfigResources = {
  name: 'ListConfigResources',
  key: 74,
  min: 0,
  max: 1,
  flexibleFrom: 0,
  request: `
    resourceTypes []int8 1+
  `,
  response: `
    throttleTimeMs int32 0+
    errorCode int16 0+
    configResources [] 0+
      resourceName string 0+
      resourceType int8 1+ =16
  `,
} as const satisfies ApiSchema
