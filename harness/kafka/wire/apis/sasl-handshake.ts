import type { ApiSchema } from '../schema.ts'

/**
 * SaslHandshake (17), versions 0 to 1, never flexible.
 * Chooses the SASL mechanism. KIP-43.
 */
export const saslHandshake = {
  name: 'SaslHandshake',
  key: 17,
  min: 0,
  max: 1,
  flexibleFrom: null,
  request: `
    mechanism string 0+
  `,
  response: `
    errorCode int16 0+
    mechanisms []string 0+
  `,
} as const satisfies ApiSchema
