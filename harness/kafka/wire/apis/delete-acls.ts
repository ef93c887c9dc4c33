import type { ApiSchema } from '../schema.ts'

/**
 * DeleteAcls (31), versions 0 to 3, flexible from 2.
 * Removes ACLs. KIP-140.
 */
export const deleteAcls = {
  name: 'DeleteAcls',
  key: 31,
  min: 0,
  max: 3,
  flexibleFrom: 2,
  request: `
    filters [] 0+
      resourceTypeFilter int8 0+
      resourceNameFilter string 0+ null:0+
      patternTypeFilter int8 1+ =3
      principalFilter string 0+ null:0+
      hostFilter string 0+ null:0+
      operation int8 0+
      permissionType int8 0+
  `,
  response: `
    throttleTimeMs int32 0+
    filterResults [] 0+
      errorCode int16 0+
      errorMessage string 0+ null:0+
      matchingAcls [] 0+
        errorCode int16 0+
        errorMessage string 0+ null:0+
        resourceType int8 0+
        resourceName string 0+
        patternType int8 1+ =3
        principal string 0+
        host string 0+
        operation int8 0+
        permissionType int8 0+
  `,
} as const satisfies ApiSchema
