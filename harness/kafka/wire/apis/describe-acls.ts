import type { ApiSchema } from '../schema.ts'

/**
 * DescribeAcls (29), versions 0 to 3, flexible from 2.
 * Lists ACLs. KIP-140.
 */
export const describeAcls = {
  name: 'DescribeAcls',
  key: 29,
  min: 0,
  max: 3,
  flexibleFrom: 2,
  request: `
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
    errorCode int16 0+
    errorMessage string 0+ null:0+
    resources [] 0+
      resourceType int8 0+
      resourceName string 0+
      patternType int8 1+ =3
      acls [] 0+
        principal string 0+
        host string 0+
        operation int8 0+
        permissionType int8 0+
  `,
} as const satisfies ApiSchema
