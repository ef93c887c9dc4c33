import { describe, expect, it } from 'vitest'
import { UsageError } from '../../core/errors.ts'
import { createWorld, type ProbeWorld } from '../probe/world.ts'
import { settingsFrom } from '../settings.ts'
import { encodeBatch, type RequestDraft } from '../wire/index.ts'
import type { Operation, ResourceType } from './acl.ts'
import { Authorizer } from './authorizer.ts'

function allows(
  acls: string,
  what: readonly [Operation, ResourceType, string],
  {
    principal = 'User:alice',
    settings = {},
  }: { principal?: string; settings?: Record<string, string | boolean> } = {},
): boolean {
  const authorizer = new Authorizer(settingsFrom({ 'onceover.acls': acls, ...settings }))
  return authorizer.allows({ principal, host: 'consumer-0' }, ...what)
}

describe('who may do what (StandardAuthorizer)', () => {
  it.each([
    ['allow User:alice Read Topic orders', 'orders', true],
    ['allow User:alice Read Topic orders', 'orders-2', false],
    ['allow User:alice Read Topic orders*', 'orders-2', true],
    ['allow User:alice Read Topic *', 'orders', true],
    ['allow User:* Read Topic orders', 'orders', true],
    ['allow User:bob Read Topic orders', 'orders', false],
    ['allow User:alice All Topic orders', 'orders', true],
    ['allow User:alice Write Topic orders', 'orders', false],
    ['allow User:alice Read Group orders', 'orders', false],
    ['allow User:alice All Topic *; deny User:alice Read Topic ord*', 'orders', false],
    ['allow User:alice All Topic *; deny User:* Read Topic orders', 'orders', false],
    ['allow User:alice All Topic *; deny User:alice Write Topic orders', 'orders', true],
  ] as const)('%s: may alice read %s', (acls, topic, expected) => {
    expect(allows(acls, ['Read', 'Topic', topic])).toBe(expected)
  })

  it('to read, write, delete or alter is to describe, but to be denied one of them is not', () => {
    for (const operation of ['Read', 'Write', 'Delete', 'Alter'])
      expect(allows(`allow User:alice ${operation} Topic t`, ['Describe', 'Topic', 't'])).toBe(true)
    expect(allows('allow User:alice Create Topic t', ['Describe', 'Topic', 't'])).toBe(false)
    expect(
      allows('allow User:alice Describe Topic t; deny User:alice Read Topic t', ['Describe', 'Topic', 't']),
    ).toBe(true)
  })

  it('super users may do everything, and everybody what no ACL is about, where it is set so', () => {
    const denied = 'deny User:* All Topic t'
    expect(
      allows(denied, ['Read', 'Topic', 't'], { settings: { 'super.users': 'User:bob; User:alice' } }),
    ).toBe(true)
    const open = { settings: { 'allow.everyone.if.no.acl.found': true } }
    expect(allows(denied, ['Read', 'Topic', 'u'])).toBe(false)
    expect(allows(denied, ['Read', 'Topic', 'u'], open)).toBe(true)
    expect(allows('allow User:bob Read Topic u', ['Read', 'Topic', 'u'], open)).toBe(false)
  })

  it('some topic is enough for an idempotent producer, unless all of it is denied (KIP-679)', () => {
    const some = (acls: string): boolean =>
      new Authorizer(settingsFrom({ 'onceover.acls': acls })).allowsSome(
        { principal: 'User:alice', host: 'h' },
        'Write',
        'Topic',
      )
    expect(some('allow User:alice Write Topic t')).toBe(true)
    expect(some('allow User:alice Read Topic t')).toBe(false)
    expect(some('allow User:alice Write Topic t; deny User:* Write Topic *')).toBe(false)
    expect(some('allow User:alice Write Topic tab; deny User:alice Write Topic t*')).toBe(false)
    expect(some('allow User:alice Write Topic t*; deny User:alice Write Topic t')).toBe(true)
  })

  it('an ACL has to be understood', () => {
    for (const wrong of ['allow alice Read Topic t', 'let User:a Read Topic t', 'allow User:a Look Topic t'])
      expect(() => allows(wrong, ['Read', 'Topic', 't'])).toThrow(UsageError)
  })
})

const ANYBODY = 'User:ANONYMOUS'

function worldWith(acls: string): ProbeWorld {
  const world = createWorld({ settings: { 'onceover.acls': acls } })
  for (const topic of ['mine', 'theirs']) {
    world.cluster.admin.createTopic(topic, { partitions: 1 })
    world.cluster.admin.append({ topic, partition: 0, key: null, value: Buffer.from('v') })
  }
  return world
}

const fetchOf = (
  topics: readonly string[],
  session = { sessionId: 0, sessionEpoch: -1 },
): RequestDraft<'Fetch'> => ({
  maxWaitMs: 0,
  minBytes: 1,
  maxBytes: 1_000,
  ...session,
  topics: topics.map((topic) => ({
    topic,
    partitions: [{ partition: 0, fetchOffset: 0n, partitionMaxBytes: 1_000 }],
  })),
})

describe('a request that may be done in part', () => {
  it('Produce writes what it may', () => {
    const world = worldWith(`allow ${ANYBODY} Write Topic mine`)
    const records = encodeBatch({
      records: [{ timestamp: 0n, key: null, value: Buffer.from('w'), headers: [] }],
    })
    const call = world.connect().call('Produce', 7, {
      transactionalId: null,
      acks: -1,
      timeoutMs: 1_000,
      topicData: ['theirs', 'mine'].map((name) => ({ name, partitionData: [{ index: 0, records }] })),
    })
    expect(call.answer.responses).toMatchObject([
      { name: 'mine', partitionResponses: [{ errorCode: 0, baseOffset: 1n }] },
      { name: 'theirs', partitionResponses: [{ errorCode: 29, baseOffset: -1n }] },
    ])
    expect(world.cluster.admin.logEnd('theirs', 0)).toBe(1n)
  })

  it('with acks 0 an error closes the connection', () => {
    const connection = worldWith(`allow ${ANYBODY} Write Topic mine`).connect()
    connection.call('Produce', 7, {
      transactionalId: null,
      acks: 0,
      timeoutMs: 1_000,
      topicData: [{ name: 'theirs', partitionData: [{ index: 0, records: Buffer.alloc(0) }] }],
    })
    expect(connection.ended).toBe('closed')
  })

  it('Metadata of all topics shows those that may be described', () => {
    const connection = worldWith(`allow ${ANYBODY} Read Topic mine`).connect()
    const all = connection.call('Metadata', 8, { topics: null, includeTopicAuthorizedOperations: true })
    const READ_AND_DESCRIBE = (1 << 3) | (1 << 8)
    expect(all.answer.topics).toMatchObject([{ name: 'mine', topicAuthorizedOperations: READ_AND_DESCRIBE }])
    const named = connection.call('Metadata', 8, { topics: [{ name: 'theirs' }, { name: 'mine' }] })
    expect(named.answer.topics).toMatchObject([
      { name: 'mine', errorCode: 0 },
      { name: 'theirs', errorCode: 29, partitions: [] },
    ])
    expect(connection.call('Metadata', 0, { topics: [{ name: 'theirs' }] }).answer.topics).toMatchObject([
      { errorCode: 29, name: 'theirs', partitions: [] },
    ])
  })

  it('Metadata creates a topic only for whom it may', () => {
    const may = worldWith(`allow ${ANYBODY} Describe Topic *; allow ${ANYBODY} Create Topic new`)
    const asked = { topics: [{ name: 'new' }, { name: 'other' }], allowAutoTopicCreation: true }
    may.connect().call('Metadata', 8, asked)
    expect(may.cluster.admin.topics().map(({ name }) => name)).toEqual(['mine', 'theirs', 'new'])
  })
})

describe('an ACL that goes', () => {
  it('ends what a fetch session reads', () => {
    const world = worldWith(`allow ${ANYBODY} Read Topic mine`)
    const consumer = world.connect()
    const first = consumer.call('Fetch', 11, fetchOf(['mine'], { sessionId: 0, sessionEpoch: 0 }))
    expect(first.errors).toEqual(['NONE', 'NONE'])
    world.cluster.admin.removeAcls(`allow ${ANYBODY} Read Topic mine`)
    const session = { sessionId: first.answer.sessionId, sessionEpoch: 1 }
    expect(consumer.call('Fetch', 11, fetchOf([], session)).errors).toEqual([
      'NONE',
      'TOPIC_AUTHORIZATION_FAILED',
    ])
    world.cluster.admin.addAcls(`allow ${ANYBODY} All Topic mine`)
    const next = consumer.call('Fetch', 11, fetchOf([], { ...session, sessionEpoch: 2 }))
    expect(next.errors).toEqual(['NONE', 'NONE'])
  })

  it('needs an authorizer to be of any use', () => {
    const { cluster, connect } = createWorld()
    expect(() => cluster.admin.addAcls('allow User:a Read Topic t')).toThrow(UsageError)
    const described = connect().call('DescribeAcls', 1, {
      resourceTypeFilter: 1,
      resourceNameFilter: null,
      patternTypeFilter: 1,
      principalFilter: null,
      hostFilter: null,
      operation: 1,
      permissionType: 1,
    })
    expect(described.error).toBe('SECURITY_DISABLED')
  })
})
