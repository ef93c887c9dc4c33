import { constantAnswer } from '../broker/encode-answer.ts'
import { type Body, encodeResponse } from '../wire/index.ts'
import { answerNow, code, type Served } from './handler.ts'
import { SERVED } from './served.ts'

/**
 * ApiVersions (18), versions 0 to 3. Lists what these brokers serve. A version that is not served is answered in
 * version 0 with UNSUPPORTED_VERSION, so that a newer client can ask again (KIP-511; KAFKA.md T6).
 */
export const apiVersions: Served = {
  key: 18,
  min: 0,
  max: 3,
  handler: answerNow(
    () => listing(),
    (_context, errorCode) => ({ errorCode, apiKeys: [] }),
  ),
}

let known: Body | null = null

function listing(): Body {
  known ??= constantAnswer({
    errorCode: 0,
    apiKeys: [...SERVED.values()]
      .sort((a, b) => a.key - b.key)
      .map(({ key, min, max }) => ({ apiKey: key, minVersion: min, maxVersion: max })),
  })
  return known
}

export function unsupportedApiVersions(correlationId: number): Buffer {
  const own = { apiKey: apiVersions.key, minVersion: apiVersions.min, maxVersion: apiVersions.max }
  return encodeResponse('ApiVersions', 0, correlationId, {
    errorCode: code('UNSUPPORTED_VERSION'),
    apiKeys: [own],
  })
}
