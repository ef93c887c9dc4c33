import { UsageError } from '../../core/errors.ts'

export const RESOURCES = {
  Topic: 2,
  Group: 3,
  Cluster: 4,
  TransactionalId: 5,
  DelegationToken: 6,
  User: 7,
} as const
export type ResourceType = keyof typeof RESOURCES

export const OPERATIONS = {
  All: 2,
  Read: 3,
  Write: 4,
  Create: 5,
  Delete: 6,
  Alter: 7,
  Describe: 8,
  ClusterAction: 9,
  DescribeConfigs: 10,
  AlterConfigs: 11,
  IdempotentWrite: 12,
  CreateTokens: 13,
  DescribeTokens: 14,
} as const
export type Operation = keyof typeof OPERATIONS

/** The operations that each type of resource supports in Kafka, as codes. */
export const SUPPORTED: Readonly<Record<'Topic' | 'Group' | 'Cluster', readonly Operation[]>> = {
  Topic: ['Read', 'Write', 'Create', 'Describe', 'Delete', 'Alter', 'DescribeConfigs', 'AlterConfigs'],
  Group: ['Read', 'Describe', 'Delete', 'DescribeConfigs', 'AlterConfigs'],
  Cluster: [
    'Create',
    'ClusterAction',
    'DescribeConfigs',
    'AlterConfigs',
    'IdempotentWrite',
    'Alter',
    'Describe',
  ],
}

export const ANY = 1
export const MATCH = 2
export const LITERAL = 3
export const PREFIXED = 4
export const DENY = 2
export const ALLOW = 3
export const WILDCARD = '*'
/** The only name that the cluster has as a resource. */
export const CLUSTER_NAME = 'kafka-cluster'

/** A principal may, or may not, do something from a host to resources; in Kafka's codes. */
export interface Acl {
  readonly resourceType: number
  readonly resourceName: string
  readonly patternType: number
  /** Such as `User:alice`; `User:*` is everybody. */
  readonly principal: string
  /** `*` is everywhere. */
  readonly host: string
  readonly operation: number
  readonly permissionType: number
}

/** Null and ANY leave open. */
export interface AclFilter {
  readonly resourceTypeFilter: number
  readonly resourceNameFilter: string | null
  readonly patternTypeFilter: number
  readonly principalFilter: string | null
  readonly hostFilter: string | null
  readonly operation: number
  readonly permissionType: number
}

/** Whether a pattern covers the resource of this name. */
export function covers({ patternType, resourceName }: Acl, name: string): boolean {
  if (patternType === PREFIXED) return name.startsWith(resourceName)
  return resourceName === WILDCARD || resourceName === name
}

export function isMatch(filter: AclFilter, acl: Acl): boolean {
  const open = (wanted: number, is: number): boolean => wanted === ANY || wanted === is
  const same = (wanted: string | null, is: string): boolean => wanted === null || wanted === is
  return (
    open(filter.resourceTypeFilter, acl.resourceType) &&
    isNamed(filter, acl) &&
    same(filter.principalFilter, acl.principal) &&
    same(filter.hostFilter, acl.host) &&
    open(filter.operation, acl.operation) &&
    open(filter.permissionType, acl.permissionType)
  )
}

function isNamed({ resourceNameFilter, patternTypeFilter }: AclFilter, acl: Acl): boolean {
  if (patternTypeFilter !== ANY && patternTypeFilter !== MATCH && patternTypeFilter !== acl.patternType)
    return false
  if (resourceNameFilter === null) return true
  return patternTypeFilter === MATCH
    ? covers(acl, resourceNameFilter)
    : resourceNameFilter === acl.resourceName
}

/**
 * ACLs as a setting has them: `allow User:alice Read Topic orders; deny User:* All Topic
 * payments-*`. A name that ends with `*` is a prefix, `*` alone stands for all.
 * @throws UsageError
 */
export function parseAcls(text: string): Acl[] {
  return text
    .split(';')
    .map((each) => each.trim())
    .filter((each) => each !== '')
    .map(parseAcl)
}

function parseAcl(text: string): Acl {
  const [permission = '', principal = '', operation = '', type = '', name = '', ...more] = text.split(/\s+/)
  const permissionType = { allow: ALLOW, deny: DENY }[permission]
  const known = operation in OPERATIONS && type in RESOURCES && /^\w+:.+$/.test(principal)
  if (permissionType === undefined || !known || name === '' || more.length > 0) {
    throw new UsageError(
      'bad-scenario',
      `an ACL is written as 'allow User:alice Read Topic orders', with ${Object.keys(OPERATIONS).join(', ')} of ${Object.keys(RESOURCES).join(', ')}, not '${text}'`,
    )
  }
  const prefixed = name.length > 1 && name.endsWith(WILDCARD)
  return {
    resourceType: RESOURCES[type as ResourceType],
    resourceName: prefixed ? name.slice(0, -1) : name,
    patternType: prefixed ? PREFIXED : LITERAL,
    principal,
    host: WILDCARD,
    operation: OPERATIONS[operation as Operation],
    permissionType,
  }
}
