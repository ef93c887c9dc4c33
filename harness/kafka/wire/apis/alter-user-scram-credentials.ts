import type { ApiSchema } from '../schema.ts'

/**
 * AlterUserScramCredentials (51), version 0, flexible.
 * Sets and removes what users authenticate with under SCRAM. KIP-554.
 */
export const alterUserScramCredentials = {
  name: 'AlterUserScramCredentials',
  key: 51,
  min: 0,
  max: 0,
  flexibleFrom: 0,
  request: `
    deletions [] 0+
      name string 0+
      mechanism int8 0+
    upsertions [] 0+
      name string 0+
      mechanism int8 0+
      iterations int32 0+
      salt bytes 0+
      saltedPassword bytes 0+
  `,
  response: `
    throttleTimeMs int32 0+
    results [] 0+
      user string 0+
      errorCode int16 0+
      errorMessage string 0+ null:0+
  `,
} as const satisfies ApiSchema
