import type { Body } from '../../../kafka/index.ts'
import { type AdminRequest, type PriorRequest, request } from '../admin-request.ts'

const ANY = 1
const TOPIC = 2
const GROUP = 3
const CLUSTER = 4
const USER = 7
const MATCH = 2
const LITERAL = 3
const PREFIXED = 4
const READ = 3
const CREATE = 5
const DENY = 2
const ALLOW = 3

interface AskedAcl {
  readonly type?: number
  readonly name?: string
  readonly pattern?: number
  readonly principal?: string
  readonly host?: string
  readonly operation?: number
  readonly permission?: number
}

const creation = ({
  type = TOPIC,
  name = '$t',
  pattern = LITERAL,
  principal = 'User:bob',
  host = '*',
  operation = READ,
  permission = ALLOW,
}: AskedAcl): Body => ({
  resourceType: type,
  resourceName: name,
  resourcePatternType: pattern,
  principal,
  host,
  operation,
  permissionType: permission,
})
const creations = (...acls: readonly AskedAcl[]): Body => ({ creations: acls.map(creation) })
const create = (title: string, ...acls: readonly AskedAcl[]): AdminRequest =>
  request(title, 'CreateAcls', creations(...acls))
const made = (...acls: readonly AskedAcl[]): PriorRequest => ({
  api: 'CreateAcls',
  version: 1,
  body: creations(...acls),
})

interface Filter {
  readonly type?: number
  readonly name?: string | null
  readonly pattern?: number
  readonly principal?: string | null
  readonly host?: string | null
  readonly operation?: number
  readonly permission?: number
}

const filter = ({
  type = TOPIC,
  name = '$t',
  pattern = LITERAL,
  principal = null,
  host = null,
  operation = ANY,
  permission = ANY,
}: Filter): Body => ({
  resourceTypeFilter: type,
  resourceNameFilter: name,
  patternTypeFilter: pattern,
  principalFilter: principal,
  hostFilter: host,
  operation,
  permissionType: permission,
})
const describe = (title: string, wanted: Filter, ...acls: readonly AskedAcl[]): AdminRequest =>
  request(title, 'DescribeAcls', filter(wanted), {
    before: acls.length === 0 ? [] : [made(...acls)],
    unordered: ['resources', 'acls'],
  })
const remove = (title: string, wanted: readonly Filter[], ...acls: readonly AskedAcl[]): AdminRequest =>
  request(
    title,
    'DeleteAcls',
    { filters: wanted.map(filter) },
    { before: acls.length === 0 ? [] : [made(...acls)], unordered: ['matchingAcls'] },
  )

const ACLS: readonly AdminRequest[] = [
  create('one', {}),
  create('one twice', {}, {}),
  create('a denial', { permission: DENY }),
  create('by prefix', { name: '$p', pattern: PREFIXED }),
  create('a principal without a colon', { principal: 'bob' }),
  create('a principal without a name', { principal: 'User:' }),
  create('a principal without a type', { principal: ':bob' }),
  create('no principal', { principal: '' }),
  create('no host', { host: '' }),
  create('no name', { name: '' }),
  create('an operation that the resource has not', { operation: CREATE, type: GROUP, name: '$g' }),
  create('any operation', { operation: ANY }),
  create('an unknown operation', { operation: 99 }),
  create('any permission', { permission: ANY }),
  create('an unknown permission', { permission: 99 }),
  create('any resource', { type: ANY }),
  create('an unknown resource', { type: 99 }),
  create('any pattern', { pattern: ANY }),
  create('a pattern to match', { pattern: MATCH }),
  create('an unknown pattern', { pattern: 99 }),
  create('the cluster by another name', { type: CLUSTER, name: '$c' }),
  create('one right and one wrong', {}, { principal: 'bob' }),
  create('none'),
  describe('none there', {}),
  describe('one', {}, {}),
  describe('of a principal', { principal: 'User:bob' }, {}, { principal: 'User:eve' }),
  describe(
    'several of several',
    { name: '$t' },
    {},
    { permission: DENY },
    { principal: 'User:eve', host: '10.0.0.1' },
  ),
  describe('that match a name', { name: '$table', pattern: MATCH }, { name: '$t', pattern: PREFIXED }),
  describe('of any pattern', { name: '$t', pattern: ANY }, {}, { pattern: PREFIXED }),
  describe('an unknown resource', { type: 99 }),
  describe('an unknown operation', { operation: 99 }),
  describe('an unknown permission', { permission: 99 }),
  describe('an unknown pattern', { pattern: 99 }),
  remove('none there', [{}]),
  remove('one', [{}], {}),
  remove('several by one filter', [{}], {}, { permission: DENY }),
  remove('by two filters that overlap', [{}, { principal: 'User:bob' }], {}),
  remove('an unknown resource', [{ type: 99 }]),
  remove('an unknown pattern', [{ pattern: 99 }]),
  remove('none', []),
]

const entity = (...parts: readonly (readonly [string, string | null])[]): Body[] =>
  parts.map(([entityType, entityName]) => ({ entityType, entityName }))
type Ops = readonly (readonly [string, number | null])[]
const quotas = (of: readonly Body[], ops: Ops, validateOnly = false): Body => ({
  entries: [
    { entity: of, ops: ops.map(([key, value]) => ({ key, value: value ?? 0, remove: value === null })) },
  ],
  validateOnly,
})
const RATE: Ops = [['producer_byte_rate', 1024]]
const set = (of: readonly Body[], ops: Ops = RATE): PriorRequest => ({
  api: 'AlterClientQuotas',
  version: 1,
  body: quotas(of, ops),
})
const alterQuotas = (title: string, body: Body, before: readonly PriorRequest[] = []): AdminRequest =>
  request(title, 'AlterClientQuotas', body, { before, unordered: ['entries'] })
const describeQuotas = (
  title: string,
  components: readonly (readonly [string, number, string | null])[],
  strict: boolean,
  before: readonly PriorRequest[] = [],
): AdminRequest =>
  request(
    title,
    'DescribeClientQuotas',
    {
      components: components.map(([entityType, matchType, match]) => ({ entityType, matchType, match })),
      strict,
    },
    { before, unordered: ['entries', 'values'] },
  )
const USER_AND_CLIENT = entity(['user', '$u'], ['client-id', '$c'])

const QUOTAS: readonly AdminRequest[] = [
  alterQuotas('a client id', quotas(entity(['client-id', '$c']), RATE)),
  alterQuotas('a user and a client id', quotas(USER_AND_CLIENT, RATE)),
  alterQuotas('a client id and a user', quotas(entity(['client-id', '$c'], ['user', '$u']), RATE)),
  alterQuotas('a user, validated only', quotas(entity(['user', '$u']), RATE, true)),
  alterQuotas('removed', quotas(entity(['user', '$u']), [['producer_byte_rate', null]]), [
    set(entity(['user', '$u'])),
  ]),
  alterQuotas('removed where there is none', quotas(entity(['user', '$u']), [['producer_byte_rate', null]])),
  alterQuotas('an unknown quota', quotas(entity(['user', '$u']), [['no_such_rate', 1]])),
  alterQuotas('a fraction of a byte', quotas(entity(['user', '$u']), [['producer_byte_rate', 1.5]])),
  alterQuotas('a fraction of a percentage', quotas(entity(['user', '$u']), [['request_percentage', 1.5]])),
  alterQuotas('none', quotas(entity(['user', '$u']), [['producer_byte_rate', 0]])),
  alterQuotas('less than none', quotas(entity(['user', '$u']), [['producer_byte_rate', -1]])),
  alterQuotas('an unknown entity', quotas(entity(['group', '$g']), RATE)),
  alterQuotas('one entity twice', quotas(entity(['user', '$u'], ['user', '$v']), RATE)),
  alterQuotas('an empty entity', quotas([], RATE)),
  alterQuotas('a user without a name', quotas(entity(['user', '']), RATE)),
  alterQuotas('an address that is none', quotas(entity(['ip', '$i']), [['connection_creation_rate', 1]])),
  alterQuotas('an address with the quota of a user', quotas(entity(['ip', '10.1.2.3']), RATE)),
  alterQuotas('an address and a user', quotas(entity(['ip', '10.1.2.3'], ['user', '$u']), RATE)),
  alterQuotas('no quota', quotas(entity(['user', '$u']), [])),
  describeQuotas(
    'a user and a client id',
    [
      ['user', 0, '$u'],
      ['client-id', 0, '$c'],
    ],
    true,
    [set(USER_AND_CLIENT)],
  ),
  describeQuotas('a client id, with whatever else', [['client-id', 0, '$c']], false, [set(USER_AND_CLIENT)]),
  describeQuotas('a client id alone', [['client-id', 0, '$c']], true, [set(USER_AND_CLIENT)]),
  describeQuotas('any client id', [['client-id', 2, null]], true, [set(entity(['client-id', '$c']))]),
  describeQuotas('the default user', [['user', 1, null]], true),
  describeQuotas('two quotas', [['user', 0, '$u']], true, [
    set(entity(['user', '$u']), [...RATE, ['request_percentage', 50]]),
  ]),
  describeQuotas('none there', [['user', 0, '$u']], true),
  describeQuotas('an unknown entity', [['group', 0, '$g']], true),
  describeQuotas(
    'one entity twice',
    [
      ['user', 0, '$u'],
      ['user', 0, '$v'],
    ],
    true,
  ),
  describeQuotas('an unknown match', [['user', 9, '$u']], true),
  describeQuotas(
    'an address and a user',
    [
      ['ip', 0, '10.1.2.3'],
      ['user', 0, '$u'],
    ],
    true,
  ),
]

const credential = (overrides: Body = {}): Body => ({
  name: '$u',
  mechanism: 1,
  iterations: 8192,
  salt: Buffer.from('salt'),
  saltedPassword: Buffer.alloc(32, 1),
  ...overrides,
})
const scram = (upsertions: readonly Body[], deletions: readonly Body[] = []): Body => ({
  deletions,
  upsertions,
})
const known: PriorRequest = { api: 'AlterUserScramCredentials', version: 0, body: scram([credential()]) }
const deletion = (overrides: Body = {}): Body => ({ name: '$u', mechanism: 1, ...overrides })
const alterUser = (title: string, body: Body, before: readonly PriorRequest[] = []): AdminRequest =>
  request(title, 'AlterUserScramCredentials', body, { before, unordered: ['results'] })
const describeUsers = (
  title: string,
  users: readonly string[] | null,
  before: readonly PriorRequest[] = [],
): AdminRequest =>
  request(
    title,
    'DescribeUserScramCredentials',
    { users: users?.map((name) => ({ name })) ?? null },
    { before, unordered: ['results', 'credentialInfos'] },
  )

const USERS: readonly AdminRequest[] = [
  alterUser('a user', scram([credential()])),
  alterUser('a user with both mechanisms', scram([credential(), credential({ mechanism: 2 })])),
  alterUser('a user again', scram([credential({ iterations: 4096 })]), [known]),
  alterUser('too few iterations', scram([credential({ iterations: 4095 })])),
  alterUser('too many iterations', scram([credential({ iterations: 16385 })])),
  alterUser('an unknown mechanism', scram([credential({ mechanism: 9 })])),
  alterUser('no name', scram([credential({ name: '' })])),
  alterUser('removed', scram([], [deletion()]), [known]),
  alterUser('removed where it is not there', scram([], [deletion()])),
  alterUser('removed, the other mechanism', scram([], [deletion({ mechanism: 2 })]), [known]),
  alterUser('removed, an unknown mechanism', scram([], [deletion({ mechanism: 9 })])),
  alterUser('set and removed at once', scram([credential()], [deletion()]), [known]),
  describeUsers('one', ['$u'], [known]),
  describeUsers('one that is not there', ['$u']),
  describeUsers('one twice', ['$u', '$u'], [known]),
  describeUsers('without a name', ['']),
  describeUsers('all', null, [known]),
]

export const ACCESS: readonly AdminRequest[] = [
  ...ACLS,
  ...QUOTAS,
  ...USERS,
  request('of a user', 'DescribeAcls', filter({ type: USER, name: '$u' })),
]
