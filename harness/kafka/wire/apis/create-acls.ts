import type { ApiSchema } from '../schema.ts'

/**
 * CreateAcls (30), versions 0 to 3, flexible from 2.
 * Adds ACLs. KIP-140.
 */
export const createAcls = {
  name: 'CreateAcls',
  key: 30,
  min: 0,
  max: 3,
  flexibleFrom: 2,
  request: `
    creations [] 0+
      resourceType int8 0+
      resourceName string 0+
      resourcePatternType int8 1+ =3
      principal string 0+
      host string 0+
      operation int8 0+
      permissionType int8 0+
  `,
  response: `
    throttleTimeMs int32 0+
    results [] 0+
      errorCode int16 0+
      errorMessage string 0+ null:0+
  `,
} as const satisfies ApiSchema
