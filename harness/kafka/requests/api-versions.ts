import { constantAnswer } from '../broker/encode-answer.ts'
import type { Settings } from '../settings.ts'
import { eligibleLeaderReplicasVersion } from '../versions/features.ts'
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
    ({ cluster, broker, version }) => listing(cluster.settings, broker.profile, version >= ALL_FEATURES_FROM),
    (_context, errorCode) => ({ errorCode, apiKeys: [] }),
  ),
}

/** Before this version features that may be off are not named as supported (KAFKA-17011). */
const ALL_FEATURES_FROM = 4
const known: Map<string, Body> = new Map()

function listing(settings: Settings, profile: Profile | null, allFeatures: boolean): Body {
  const transactionVersion = settings['onceover.transaction.version']
  const eligibleVersion = eligibleLeaderReplicasVersion(settings)
  const name = `${transactionVersion} ${eligibleVersion} ${profile?.release ?? 'all'} ${allFeatures}`
  const made = known.get(name)
  if (made !== undefined) return made
  const answer = constantAnswer({
    errorCode: 0,
    // Features came with KIP-584, and transactions of version 2 with Kafka 4.
    ...(profile === null || profile.release === '4.1'
      ? featuresOf(
          [
            ['transaction.version', 2, transactionVersion],
            ['eligible.leader.replicas.version', 1, eligibleVersion],
          ],
          allFeatures,
        )
      : {}),
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

/**
 * Features whose least version is 0 are named to clients of version 4 on only, but finalized for all.
 * @param features name, highest level, finalized level
 */
function featuresOf(
  features: readonly (readonly [name: string, max: number, level: number])[],
  allFeatures: boolean,
): Body {
  const on = features.filter(([, , level]) => level > 0)
  if (on.length === 0) return {}
  const supported = features.map(([name, maxVersion]) => ({ name, minVersion: 0, maxVersion }))
  return {
    ...(allFeatures ? { supportedFeatures: supported } : {}),
    finalizedFeaturesEpoch: 1n,
    finalizedFeatures: on.map(([name, max, level]) => ({
      name,
      maxVersionLevel: Math.min(level, max),
      minVersionLevel: Math.min(level, max),
    })),
  }
}

export function unsupportedApiVersions(correlationId: number): Buffer {
  const own = { apiKey: apiVersions.key, minVersion: apiVersions.min, maxVersion: apiVersions.max }
  return encodeResponse('ApiVersions', 0, correlationId, {
    errorCode: code('UNSUPPORTED_VERSION'),
    apiKeys: [own],
  })
}
