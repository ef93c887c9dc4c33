import { type Body, isBody } from '../../kafka/index.ts'

/** Fields that go by the machine, the clock or chance. */
const OWN_TO_CLUSTER: Readonly<Record<string, string>> = {
  host: 'HOST',
  port: 'PORT',
  clusterId: 'CLUSTER',
  logDir: 'DIR',
  totalBytes: 'BYTES',
  usableBytes: 'BYTES',
  clientHost: 'HOST',
  producerId: 'PRODUCER',
  finalizedFeaturesEpoch: 'EPOCH',
  lastTimestamp: 'TIME',
  transactionStartTimeMs: 'TIME',
}
const NO_ID = '0'.repeat(32)

/** A placeholder for the common beginning of all names of one request in one version. */
export const OWN = '$'
/** All names that any request makes begin so. */
export const MADE = 'asked-'

/** The body with `$` filled in. */
export function filled(body: Body, own: string): Body {
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, filledValue(value, own)]))
}

function filledValue(value: unknown, own: string): unknown {
  if (Array.isArray(value)) return value.map((each) => filledValue(each, own))
  if (typeof value === 'string') return value.replaceAll(OWN, own)
  return isBody(value) ? filled(value, own) : value
}

/**
 * A whole answer as JSON can hold it, without what differs from cluster to cluster, and without
 * what other requests have made.
 */
export function shown(body: Body, own: string, unordered: readonly string[]): unknown {
  const { throttleTimeMs: _, ...answer } = body
  return walk(answer, { own, unordered })
}

interface How {
  readonly own: string
  readonly unordered: readonly string[]
}

function walk(value: unknown, how: How, field = ''): unknown {
  if (typeof value === 'bigint') return field in OWN_TO_CLUSTER ? OWN_TO_CLUSTER[field] : Number(value)
  if (Buffer.isBuffer(value)) return value.length === 0 ? '' : `${value.length} bytes`
  if (Array.isArray(value)) {
    const items = value.filter((each) => !isOthers(each, how.own)).map((each) => walk(each, how, field))
    if (!how.unordered.includes(field)) return items
    return items
      .map((each) => JSON.stringify(each))
      .sort()
      .map((each): unknown => JSON.parse(each))
  }
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, walk(each, how, name)]))
  if (field in OWN_TO_CLUSTER && value !== null && value !== '' && value !== -1) return OWN_TO_CLUSTER[field]
  if (typeof value !== 'string') return value
  if (/^[0-9a-f]{32}$/.test(value) && value !== NO_ID) return 'ID'
  return value.replaceAll(how.own, OWN)
}

/**
 * An element of a list that is about what another request has made, or about the internal topics.
 */
function isOthers(value: unknown, own: string): boolean {
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return false
  return Object.values(value).some(
    (each) =>
      (typeof each === 'string' && each.startsWith(MADE) && !each.startsWith(own)) ||
      (Array.isArray(each) && each.length > 0 && each.every((inner) => isOthersEntity(inner, own))),
  )
}

/** A part of the entity of a quota. */
function isOthersEntity(value: unknown, own: string): boolean {
  if (!isBody(value)) return false
  const { entityType, entityName } = value
  return (
    typeof entityType === 'string' &&
    typeof entityName === 'string' &&
    entityName.startsWith(MADE) &&
    !entityName.startsWith(own)
  )
}
