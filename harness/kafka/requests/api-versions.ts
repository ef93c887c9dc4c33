import { constantAnswer } from '../broker/encode-answer.ts'
import type { Profile } from '../versions/profile.ts'
import { type Body, encodeResponse } from '../wire/index.ts'
import { answerNow, code, type Served } from './handler.ts'
import { SERVED } from './served.ts'

/**
 * ApiVersions (18), versions 0 to 4. Lists what these brokers serve, and the levels of features that are finalized
 * (KIP-584): clients run transactions of version 2 where `transaction.version` says so (KIP-890). A version that is not served is answered in
 * version 0 with UNSUPPORTED_VERSION, so that a newer client can ask again (KIP-511; KAFKA.md T6).
 */
export const apiVersions: Served = {
  key: 18,
  min: 0,
  max: 4,
  handler: answerNow(
    ({ cluster, broker, version }) =>
      listing(cluster.settings['onceover.transaction.version'], broker.profile, version >= ALL_FEATURES_FROM),
    (_context, errorCode) => ({ errorCode, apiKeys: [] }),
  ),
}

const TRANSACTION_VERSION_MAX = 2
/** Before this version features that may be off are not named as supported (KAFKA-17011). */
const ALL_FEATURES_FROM = 4
const known: Map<string, Body> = new Map()

function listing(transactionVersion: number, profile: Profile | null, allFeatures: boolean): Body {
  const name = `${transactionVersion} ${profile?.release ?? 'all'} ${allFeatures}`
  const made = known.get(name)
  if (made !== undefined) return made
  const answer = constantAnswer({
    errorCode: 0,
    // Features came with KIP-584, and transactions of version 2 with Kafka 4.
    ...(profile === null || profile.release === '4.1' ? featuresOf(transactionVersion, allFeatures) : {}),
    apiKeys: [...SERVED.values()]
      .sort((a, b) => a.key - b.key)
      .flatMap(({ key, min, max }) => {
        const range = profile === null ? { min, max } : profile.common(key, min, max)
        return range === null ? [] : [{ apiKey: key, minVersion: range.min, maxVersion: range.max }]
      }),
  })
  known.set(name, answer)
  return answer
}

/** Features whose least version is 0 are named to clients of version 4 on only, but finalized for all. */
function featuresOf(transactionVersion: number, allFeatures: boolean): Body {
  const maxVersionLevel = Math.min(transactionVersion, TRANSACTION_VERSION_MAX)
  if (maxVersionLevel <= 0) return {}
  const supported = { name: 'transaction.version', minVersion: 0, maxVersion: TRANSACTION_VERSION_MAX }
  return {
    ...(allFeatures ? { supportedFeatures: [supported] } : {}),
    finalizedFeaturesEpoch: 1n,
    finalizedFeatures: [{ name: 'transaction.version', maxVersionLevel, minVersionLevel: maxVersionLevel }],
  }
}

export function unsupportedApiVersions(correlationId: number): Buffer {
  const own = { apiKey: apiVersions.key, minVersion: apiVersions.min, maxVersion: apiVersions.max }
  return encodeResponse('ApiVersions', 0, correlationId, {
    errorCode: code('UNSUPPORTED_VERSION'),
    apiKeys: [own],
  })
}
