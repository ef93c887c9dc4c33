import type { ApiSchema } from '../schema.ts'

/**
 * DescribeUserScramCredentials (50), version 0, flexible. Lists the users that can authenticate
 * with SCRAM. KIP-554.
 */
export const describeUserScramCredentials = {
  name: 'DescribeUserScramCredentials',
  key: 50,
  min: 0,
  max: 0,
  flexibleFrom: 0,
  request: `
    users [] 0+ null:0+
      name string 0+
  `,
  response: `
    throttleTimeMs int32 0+
    errorCode int16 0+
    errorMessage string 0+ null:0+
    results [] 0+
      user string 0+
      errorCode int16 0+
      errorMessage string 0+ null:0+
      credentialInfos [] 0+
        mechanism int8 0+
        iterations int32 0+
  `,
} as const satisfies ApiSchema
