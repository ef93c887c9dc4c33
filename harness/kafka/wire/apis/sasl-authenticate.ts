import type { ApiSchema } from '../schema.ts'

/**
 * SaslAuthenticate (36), versions 0 to 2, flexible from 2.
 * Carries SASL tokens. KIP-152, KIP-368.
 */
export const saslAuthenticate = {
  name: 'SaslAuthenticate',
  key: 36,
  min: 0,
  max: 2,
  flexibleFrom: 2,
  request: `
    authBytes bytes 0+
  `,
  response: `
    errorCode int16 0+
    errorMessage string 0+ null:0+
    authBytes bytes 0+
    sessionLifetimeMs int64 1+ =0
  `,
} as const satisfies ApiSchema
