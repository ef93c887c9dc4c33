import { answerNow, type Served } from './handler.ts'

const NOTHING = Buffer.alloc(0)

/**
 * SaslAuthenticate (36), versions 0 to 2 (KIP-152, KIP-368). Known differences: every token is right, a handshake before
 * it is not demanded, and sessions last for ever.
 */
export const saslAuthenticate: Served = {
  key: 36,
  min: 0,
  max: 2,
  handler: answerNow(
    () => ({ errorCode: 0, errorMessage: null, authBytes: NOTHING, sessionLifetimeMs: 0n }),
    (_context, errorCode) => ({ errorCode, errorMessage: null, authBytes: NOTHING, sessionLifetimeMs: 0n }),
  ),
}
