import { answerNow, code, type Served } from './handler.ts'

interface Request {
  readonly mechanism: string
}

/** Mechanisms whose exchange is one token that these brokers need not understand. */
const MECHANISMS = ['PLAIN', 'OAUTHBEARER']

/**
 * SaslHandshake (17), version 1 (KIP-43, KIP-152): version 0 goes on with tokens that are no requests, and is not served.
 * Known differences: every listener takes SASL and none demands it; SCRAM and GSSAPI are UNSUPPORTED_SASL_MECHANISM.
 */
export const saslHandshake: Served = {
  key: 17,
  min: 1,
  max: 1,
  handler: answerNow<Request>(
    ({ body }) => ({
      errorCode: code(MECHANISMS.includes(body.mechanism) ? 'NONE' : 'UNSUPPORTED_SASL_MECHANISM'),
      mechanisms: MECHANISMS,
    }),
    (_context, errorCode) => ({ errorCode, mechanisms: MECHANISMS }),
  ),
}
