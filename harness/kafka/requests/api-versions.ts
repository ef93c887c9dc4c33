import { constantAnswer } from '../broker/encode-answer.ts'
import type { Settings } from '../settings.ts'
import { eligibleLeaderReplicasVersion } from '../versions/features.ts'
import type { Profile } from '../versions/profile.ts'
import { type AnswerDraft, APIS, type ApiName, encodeResponse } from '../wire/index.ts'
import { code, type Served, type ServedVersions, servedAtOnce } from './handler.ts'

/**
 * ApiVersions (18), versions 0 to 4. Lists what these brokers serve, and the levels of features that are finalized
 * (KIP-584): clients run transactions of version 2 where `transaction.version` says so (KIP-890). A version that is not served is answered in
 * version 0 with UNSUPPORTED_VERSION, so that a newer client can ask again (KIP-511; KAFKA.md T6).
 */
export function apiVersions(allServed: () => readonly ServedApi[]): Served<'ApiVersions'> {
  const known: Map<string, AnswerDraft<'ApiVersions'>> = new Map()
  return servedAtOnce('ApiVersions', {
    ...VERSIONS,
    apply: ({ cluster, broker, version }) => {
      const { settings } = cluster
      const allFeatures = version >= ALL_FEATURES_FROM
      const levels = featureLevels(settings)
      const name = `${levels.map(([, , level]) => level)} ${broker.profile?.release ?? 'all'} ${allFeatures}`
      const made =
        known.get(name) ??
        constantAnswer(listing(allServed(), { profile: broker.profile, levels, allFeatures }))
      known.set(name, made)
      return made
    },
    refuse: (_context, errorCode) => ({ errorCode, apiKeys: [] }),
  })
}

const VERSIONS: ServedVersions = { min: 0, max: 4 }

interface ServedApi extends ServedVersions {
  readonly api: ApiName
}

type FeatureLevel = readonly [name: string, max: number, level: number]

function featureLevels(settings: Settings): readonly FeatureLevel[] {
  return [
    ['transaction.version', 2, settings['onceover.transaction.version']],
    ['eligible.leader.replicas.version', 1, eligibleLeaderReplicasVersion(settings)],
  ]
}

/** Before this version features that may be off are not named as supported (KAFKA-17011). */
const ALL_FEATURES_FROM = 4

function listing(
  allServed: readonly ServedApi[],
  asked: {
    readonly profile: Profile | null
    readonly levels: readonly FeatureLevel[]
    readonly allFeatures: boolean
  },
): AnswerDraft<'ApiVersions'> {
  const { profile, levels, allFeatures } = asked
  return {
    errorCode: 0,
    // Features came with KIP-584, and transactions of version 2 with Kafka 4.
    ...(profile === null || profile.release === '4.1' ? featuresOf(levels, allFeatures) : {}),
    apiKeys: allServed
      .map(({ api, min, max }) => ({ key: APIS[api].key, min, max }))
      .sort((a, b) => a.key - b.key)
      .flatMap(({ key, min, max }) => {
        const range = profile === null ? { min, max } : profile.common(key, min, max)
        return range === null ? [] : [{ apiKey: key, minVersion: range.min, maxVersion: range.max }]
      }),
  }
}

/** Features whose least version is 0 are named to clients of version 4 on only, but finalized for all. */
function featuresOf(features: readonly FeatureLevel[], allFeatures: boolean): AnswerDraft<'ApiVersions'> {
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
  const own = { apiKey: APIS.ApiVersions.key, minVersion: VERSIONS.min, maxVersion: VERSIONS.max }
  return encodeResponse('ApiVersions', 0, correlationId, {
    errorCode: code('UNSUPPORTED_VERSION'),
    apiKeys: [own],
  })
}
