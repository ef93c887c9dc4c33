import { isIP } from 'node:net'
import { UsageError } from '../../core/errors.ts'

/**
 * The entity of a quota: a name by its type, null for those without a quota of their own
 * (`<default>`).
 */
export type QuotaEntity = Readonly<Record<string, string | null>>

export interface QuotaEntry {
  readonly entity: QuotaEntity
  readonly values: ReadonlyMap<string, number>
}

/** A client as quotas tell clients apart. */
export interface QuotaClient {
  readonly user: string
  readonly clientId: string
}

export type QuotaKey = 'producer_byte_rate' | 'consumer_byte_rate' | 'request_percentage'

const WHOLE = new Set(['producer_byte_rate', 'consumer_byte_rate', 'connection_creation_rate'])
const OF_CLIENTS = new Set<string>([
  'producer_byte_rate',
  'consumer_byte_rate',
  'request_percentage',
  'controller_mutation_rate',
])
const OF_ADDRESSES = new Set(['connection_creation_rate'])
const DEFAULT = '<default>'

/** All quotas of clients (Kafka's ClientQuotaControlManager), the same on all brokers. */
export class ClientQuotas {
  readonly #entries: Map<string, { readonly entity: QuotaEntity; readonly values: Map<string, number> }> =
    new Map()

  /** @throws UsageError where the setting `onceover.client.quotas` is not understood */
  static from(setting: string): ClientQuotas {
    const quotas = new ClientQuotas()
    for (const each of setting.split(';')) if (each.trim() !== '') quotas.#addWritten(each.trim())
    return quotas
  }

  get entries(): readonly QuotaEntry[] {
    return [...this.#entries.values()]
  }

  /** Null takes a value away. Nothing is checked: see `problemOfEntity` and `problemOfValue`. */
  alter(entity: QuotaEntity, changes: ReadonlyMap<string, number | null>): void {
    const key = keyOf(entity)
    const values = this.#entries.get(key)?.values ?? new Map<string, number>()
    for (const [name, value] of changes) {
      if (value === null) values.delete(name)
      else values.set(name, value)
    }
    if (values.size === 0) this.#entries.delete(key)
    else this.#entries.set(key, { entity, values })
  }

  /**
   * The most specific quota for this client, and the clients that share it: a user with or without
   * its client id, or the client id. Null: it has none.
   */
  limitOf(
    key: QuotaKey,
    { user, clientId }: QuotaClient,
  ): { readonly bound: number; readonly sharedBy: string } | null {
    const both = `${user}\n${clientId}`
    const candidates: readonly (readonly [QuotaEntity, string])[] = [
      [{ user, 'client-id': clientId }, both],
      [{ user, 'client-id': null }, both],
      [{ user }, user],
      [{ user: null, 'client-id': clientId }, both],
      [{ user: null, 'client-id': null }, both],
      [{ user: null }, user],
      [{ 'client-id': clientId }, `\n${clientId}`],
      [{ 'client-id': null }, `\n${clientId}`],
    ]
    for (const [entity, sharedBy] of candidates) {
      const bound = this.#entries.get(keyOf(entity))?.values.get(key)
      if (bound !== undefined) return { bound, sharedBy }
    }
    return null
  }

  #addWritten(written: string): void {
    const pairs = written.split(/\s+/).map((each) => /^([a-z_-]+)=(.+)$/.exec(each) ?? [])
    const isEntity = (name = ''): boolean => name === 'user' || name === 'client-id'
    const entity = Object.fromEntries(
      pairs
        .filter(([, name]) => isEntity(name))
        .map(([, name = '', value = '']) => [name, value === DEFAULT ? null : value]),
    )
    const changes = new Map(
      pairs.filter(([, name]) => !isEntity(name)).map(([, name = '', value = '']) => [name, Number(value)]),
    )
    const problem =
      problemOfEntity(entity) ??
      [...changes].map(([name, value]) => problemOfValue(entity, name, value)).find((each) => each !== null)
    if (problem !== undefined && problem !== null) {
      throw new UsageError(
        'bad-scenario',
        `onceover.client.quotas takes quotas such as 'client-id=app producer_byte_rate=1024; user=<default> request_percentage=50', not '${written}': ${problem}`,
      )
    }
    this.alter(entity, changes)
  }
}

/** In the order of a Java hash map, whatever the order in which they were asked for. */
const PARTS: readonly string[] = ['client-id', 'user', 'ip']

/** The parts of an entity as answers list them. */
export function entityParts(entity: QuotaEntity): { entityType: string; entityName: string | null }[] {
  return Object.entries(entity)
    .toSorted(([one], [other]) => PARTS.indexOf(one) - PARTS.indexOf(other))
    .map(([entityType, entityName]) => ({ entityType, entityName }))
}

/** Why there can be no quota for this entity, as Kafka says it, or null. */
export function problemOfEntity(entity: QuotaEntity): string | null {
  const names = Object.entries(entity)
  if (names.length === 0) return 'Invalid empty client quota entity'
  for (const [type, name] of names) {
    if (type !== 'user' && type !== 'client-id' && type !== 'ip')
      return `Unhandled client quota entity type: ${type}`
    if (name === '') return `Empty ${type} not supported`
  }
  if ('ip' in entity && names.length > 1)
    return 'Invalid quota entity combination, IP entity shouldnot be combined with User or ClientId'
  const { ip = null } = entity
  // Names of hosts are not looked up.
  return ip === null || isIP(ip) !== 0 ? null : `${ip} is not a valid IP or resolvable host.`
}

/** Why this quota cannot be this value, as Kafka says it, or null. */
export function problemOfValue(entity: QuotaEntity, name: string, value: number): string | null {
  const known = 'ip' in entity ? OF_ADDRESSES : OF_CLIENTS
  if (!known.has(name)) return `Invalid configuration key ${name}`
  if (!(value > 0)) return `Quota ${name} must be greater than 0`
  return WHOLE.has(name) && Math.abs(value % 1) > 1e-6 ? `${name} cannot be a fractional value.` : null
}

function keyOf(entity: QuotaEntity): string {
  return Object.entries(entity)
    .map(([type, name]) => `${type}${name === null ? '' : `=${name}`}`)
    .sort()
    .join('\n')
}
