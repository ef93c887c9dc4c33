import type { Step } from '../../differential/script.ts'
import {
  add,
  alone,
  ask,
  type Behaviour,
  beat,
  begin,
  commit,
  end,
  fetch,
  join,
  list,
  offsets,
  on,
  produce,
  producer,
  sendOffsets,
  sleep,
  write,
} from '../steps.ts'

const TOPIC = 2
const GROUP = 3
const CLUSTER = 4
const TRANSACTION = 5
const ALL = 2
const READ = 3
const WRITE = 4
const DELETE = 6
const ALTER = 7
const DESCRIBE = 8
const DESCRIBE_CONFIGS = 10
const DENY = 2
const ALLOW = 3
const LITERAL = 3
const PREFIXED = 4
/** Brokers hear of an ACL a moment after it was made. */
const HEARD_MS = 2_000

interface WrittenAcl {
  readonly resourceType: number
  readonly resourceName: string
  readonly resourcePatternType?: number
  readonly principal?: string
  readonly host?: string
  readonly operation: number
  readonly permissionType: number
}

const creation = (acl: WrittenAcl): object => ({
  resourcePatternType: LITERAL,
  principal: 'User:ANONYMOUS',
  host: '*',
  ...acl,
})
const create = (...acls: readonly WrittenAcl[]): Step =>
  ask('CreateAcls', 2, { creations: acls.map(creation) })
const acl = (
  permissionType: number,
  operation: number,
  resourceType = TOPIC,
  resourceName = '$topic',
): WrittenAcl => ({
  resourceType,
  resourceName,
  operation,
  permissionType,
})
/** All is allowed but this. */
const allBut = (operation: number, resourceType = TOPIC, resourceName = '$topic'): readonly Step[] => [
  create(acl(ALLOW, ALL, resourceType, resourceName), acl(DENY, operation, resourceType, resourceName)),
  sleep(HEARD_MS),
]
/** Only these are allowed: a resource with an ACL is denied to every user without one. */
const only = (operation: number, resourceType = TOPIC, resourceName = '$topic'): readonly Step[] => [
  create(acl(ALLOW, operation, resourceType, resourceName)),
  sleep(HEARD_MS),
]
const filter = (overrides: object = {}): object => ({
  resourceTypeFilter: TOPIC,
  resourceNameFilter: '$topic',
  patternTypeFilter: 1,
  principalFilter: null,
  hostFilter: null,
  operation: 1,
  permissionType: 1,
  ...overrides,
})
const describe = (overrides: object = {}, version = 2): Step =>
  ask('DescribeAcls', version, filter(overrides) as Record<string, unknown>, {
    show: ['principal', 'operation', 'permissionType'],
  })
const remove = (overrides: object = {}): Step =>
  ask('DeleteAcls', 2, { filters: [filter(overrides)] }, { show: ['operation'] })
const metadata = (version = 8, overrides: object = {}): Step =>
  ask(
    'Metadata',
    version,
    { topics: [{ name: '$topic' }], allowAutoTopicCreation: false, ...overrides },
    { show: ['partitionIndex', 'topicAuthorizedOperations'] },
  )

export const ACLS: readonly Behaviour[] = [
  on('S', 'Produce without Write', allBut(WRITE), produce()),
  on('S', 'Produce with Write only', only(WRITE), produce()),
  on('S', 'Fetch without Read', produce(), allBut(READ), fetch()),
  on('S', 'Fetch with Read only', produce(), only(READ), fetch()),
  on('S', 'Metadata without Describe', allBut(DESCRIBE), metadata()),
  on('S', 'Read allows Describe, too', only(READ), metadata()),
  on('S', 'Read that is denied does not deny Describe', allBut(READ), metadata()),
  on('S', 'what may be done with a topic', metadata(8, { includeTopicAuthorizedOperations: true })),
  on(
    'S',
    'what may be done with a topic that may only be read',
    only(READ),
    metadata(8, { includeTopicAuthorizedOperations: true }),
  ),
  on('S', 'ListOffsets without Describe', allBut(DESCRIBE), list('latest')),
  on('S', 'OffsetCommit without Read of the topic', allBut(READ), commit(null, 5)),
  on('S', 'OffsetFetch without Describe of the topic', allBut(DESCRIBE), offsets()),
  on('S', 'OffsetFetch of all does not show it', allBut(DESCRIBE), offsets(5, true)),
  on('S', 'JoinGroup without Read', allBut(READ, GROUP, '$group'), join()),
  on('S', 'Heartbeat after Read was taken away', alone, allBut(READ, GROUP, '$group'), beat()),
  on('S', 'OffsetCommit without Read of the group', allBut(READ, GROUP, '$group'), commit(null, 5)),
  on('S', 'OffsetFetch without Describe of the group', allBut(DESCRIBE, GROUP, '$group'), offsets()),
  on(
    'S',
    'FindCoordinator without Describe',
    allBut(DESCRIBE, GROUP, '$group'),
    ask('FindCoordinator', 1, { key: '$group', keyType: 0 }),
  ),
  on(
    'S',
    'DescribeGroups without Describe',
    allBut(DESCRIBE, GROUP, '$group'),
    ask('DescribeGroups', 4, { groups: ['$group'], includeAuthorizedOperations: false }),
  ),
  on(
    'S',
    'what may be done with a group',
    ask(
      'DescribeGroups',
      4,
      { groups: ['$group'], includeAuthorizedOperations: true },
      { show: ['authorizedOperations'] },
    ),
  ),
  on(
    'S',
    'DeleteGroups without Delete',
    allBut(DELETE, GROUP, '$group'),
    ask('DeleteGroups', 1, { groupsNames: ['$group'] }),
  ),
  on('S', 'InitProducerId without Write', allBut(WRITE, TRANSACTION, '$id0'), begin()),
  on('S', 'AddPartitionsToTxn without Write of the topic', begin(), allBut(WRITE), add()),
  on(
    'S',
    'EndTxn after Write was taken away',
    begin(),
    add(),
    write(),
    allBut(WRITE, TRANSACTION, '$id0'),
    end(true),
  ),
  on('S', 'TxnOffsetCommit without Read of the group', begin(), allBut(READ, GROUP, '$group'), sendOffsets()),
  on('S', 'an idempotent producer needs no more than a topic to write', only(WRITE), producer()),
  on(
    'S',
    'DeleteTopics with Delete of the cluster only',
    allBut(DELETE),
    ask('DeleteTopics', 1, { topicNames: ['$topic'], timeoutMs: 5_000 }),
  ),
  on(
    'S',
    'CreatePartitions without Alter',
    allBut(ALTER),
    ask('CreatePartitions', 1, {
      topics: [{ name: '$topic', count: 4, assignments: null }],
      timeoutMs: 5_000,
      validateOnly: false,
    }),
  ),
  on(
    'S',
    'DescribeConfigs without DescribeConfigs',
    allBut(DESCRIBE_CONFIGS),
    ask('DescribeConfigs', 1, {
      resources: [{ resourceType: 2, resourceName: '$topic', configurationKeys: ['retention.ms'] }],
    }),
  ),
  on(
    'S',
    'a prefix',
    create({ ...acl(DENY, READ), resourcePatternType: PREFIXED }, acl(ALLOW, ALL)),
    sleep(HEARD_MS),
    produce(),
    fetch(),
  ),
  on(
    'S',
    'everybody',
    create({ ...acl(DENY, READ), principal: 'User:*' }, acl(ALLOW, ALL)),
    sleep(HEARD_MS),
    fetch(),
  ),
  on(
    'S',
    'somebody else',
    create({ ...acl(DENY, READ), principal: 'User:other' }, acl(ALLOW, ALL)),
    sleep(HEARD_MS),
    fetch(),
  ),
  on(
    'S',
    'somewhere else',
    create({ ...acl(DENY, READ), host: '192.0.2.1' }, acl(ALLOW, ALL)),
    sleep(HEARD_MS),
    fetch(),
  ),
  on('S', 'DeleteAcls gives it back', allBut(READ), fetch(), remove(), sleep(HEARD_MS), fetch()),
  on('S', 'DescribeAcls', create(acl(ALLOW, ALL)), sleep(HEARD_MS), describe(), describe({}, 1)),
  on(
    'S',
    'DescribeAcls of an operation',
    create(acl(ALLOW, ALL)),
    sleep(HEARD_MS),
    describe({ operation: READ }),
  ),
  on(
    'S',
    'DescribeAcls of what matches',
    create({ ...acl(DENY, READ), resourcePatternType: PREFIXED }),
    sleep(HEARD_MS),
    describe({ patternTypeFilter: LITERAL }),
    describe({ patternTypeFilter: 2 }),
  ),
  on('S', 'CreateAcls twice', create(acl(ALLOW, ALL)), create(acl(ALLOW, ALL)), sleep(HEARD_MS), describe()),
  on('S', 'CreateAcls without a name', create(acl(ALLOW, ALL, TOPIC, ''))),
  on('S', 'CreateAcls of another cluster', create(acl(ALLOW, ALL, CLUSTER, 'other'))),
  on('S', 'CreateAcls for any operation', create(acl(ALLOW, 1))),
  on('S', 'CreateAcls for a pattern that matches', create({ ...acl(ALLOW, ALL), resourcePatternType: 2 })),
  on('S', 'DeleteAcls of nothing', remove()),
]
