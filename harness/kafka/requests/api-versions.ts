import { eligibleLeaderReplicasVersion } from '../features.ts'
import type { Settings } from '../settings.ts'
import type { Profile } from '../versions/profile.ts'
import type { Release } from '../versions/releases.ts'
import { constantAnswer } from '../wire/encode-answer.ts'
import { type AnswerDraft, APIS, encodeResponse } from '../wire/index.ts'
import { code, type ServedApi, type ServedRequest, type ServedVersions, servedAtOnce } from './handler.ts'

/**
 * ApiVersions (18), versions 0 to 4. Lists what these brokers serve, and the levels of features
 * that are finalized (KIP-584): clients run transactions of version 2 where `transaction.version`
 * says so (KIP-890). A version that is not served is answered in version 0 with
 * UNSUPPORTED_VERSION, so that a newer client can ask again (KIP-511; KAFKA.md T6).
 */
export function apiVersions(allServed: () => readonly ServedApi[]): ServedRequest<'ApiVersions'> {
  const known: Map<string, AnswerDraft<'ApiVersions'>> = new Map()
  return servedAtOnce('ApiVersions')({
    ...VERSIONS,
    apply: ({ cluster, broker, version, body }) => {
      if (
        version >= SOFTWARE_FROM &&
        !(isSound(body.clientSoftwareName) && isSound(body.clientSoftwareVersion))
      )
        return { errorCode: code('INVALID_REQUEST'), apiKeys: [] }
      const { profile } = broker
      const features = featuresOf(cluster.settings, profile?.release ?? null)
      const levels = features.map(({ level }) => level).join(' ')
      const name = `${levels} ${profile?.release ?? 'all'} ${version >= ALL_FEATURES_FROM}`
      const made = known.get(name) ?? constantAnswer(listing(allServed(), { profile, features, version }))
      known.set(name, made)
      return made
    },
    refuse: (_context, errorCode) => ({ errorCode, apiKeys: [] }),
  })
}

const VERSIONS: ServedVersions = { min: 0, max: 4 }

/** @see featuresOf */
interface Feature {
  readonly name: string
  readonly min: number
  readonly max: number
  /** The finalized level; 0: none. */
  readonly level: number
}

/** The features that brokers of this release name; null: those of Kafka 4.1. */
function featuresOf(settings: Settings, release: Release | null): readonly Feature[] {
  const kraft = { name: 'kraft.version', min: 0, max: 1, level: 0 }
  switch (release) {
    case '2.4':
      return []
    case '3.9':
      return [kraft, { name: 'metadata.version', min: 1, max: 21, level: 21 }]
    default:
      return [
        { name: 'group.version', min: 0, max: 1, level: 1 },
        kraft,
        { name: 'metadata.version', min: 7, max: 27, level: 27 },
        { name: 'share.version', min: 0, max: 1, level: 0 },
        { name: 'transaction.version', min: 0, max: 2, level: settings['onceover.transaction.version'] },
        {
          name: 'eligible.leader.replicas.version',
          min: 0,
          max: 1,
          level: eligibleLeaderReplicasVersion(settings),
        },
      ]
  }
}

/** From this version on clients say what they are (KIP-511). */
const SOFTWARE_FROM = 3

function isSound(text: string): boolean {
  return /^[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?$/.test(text)
}

/** Before this version features that may be off are not named as supported (KAFKA-17011). */
const ALL_FEATURES_FROM = 4

function listing(
  allServed: readonly ServedApi[],
  { profile, features, version }: { profile: Profile | null; features: readonly Feature[]; version: number },
): AnswerDraft<'ApiVersions'> {
  return {
    errorCode: 0,
    ...named(features, version),
    apiKeys: allServed
      .map(({ api, min, max }) => ({ key: APIS[api].key, min, max }))
      .sort((a, b) => a.key - b.key)
      .flatMap(({ key, min, max }) => {
        const range = profile === null ? { min, max } : profile.common(key, min, max)
        if (range === null) return []
        return [{ apiKey: key, minVersion: leastNamed(key, range.min, profile), maxVersion: range.max }]
      }),
  }
}

/**
 * Kafka 4 names old versions of Produce that it does not serve, as librdkafka looks for them
 * (KAFKA-18659).
 */
function leastNamed(key: number, min: number, profile: Profile | null): number {
  const isKafka4 = profile === null || profile.release === '4.1'
  return isKafka4 && key === APIS.Produce.key ? 0 : min
}

/**
 * Features whose least version is 0 are named to clients of version 4 on only, but finalized for
 * all.
 */
function named(features: readonly Feature[], version: number): AnswerDraft<'ApiVersions'> {
  if (features.length === 0) return {}
  const all = version >= ALL_FEATURES_FROM
  return {
    supportedFeatures: features
      .filter(({ min }) => all || min > 0)
      .map(({ name, min, max }) => ({ name, minVersion: min, maxVersion: max })),
    finalizedFeaturesEpoch: 1n,
    finalizedFeatures: features
      .filter(({ level }) => level > 0)
      .map(({ name, max, level }) => ({
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
