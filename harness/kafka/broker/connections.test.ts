import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RequestAction, RequestInfo } from '../cluster.interface.ts'
import type { Line } from '../probe/line.ts'
import { createWorld, type ProbeWorld } from '../probe/world.ts'
import { batchOf, fetchBody, fetched, GROUP, produceBody, stabilize, TestMember } from '../testing/harness.ts'
import { APIS, type ApiName, decodeResponse, encodeRequest } from '../wire/index.ts'

const FAST = { 'group.initial.rebalance.delay.ms': 0 }

/** A world where this happens to the first request of this api. */
function worldWhere(
  api: ApiName,
  action: RequestAction,
): ProbeWorld & { applied: [string, string | null][] } {
  let left = 1
  const applied: [string, string | null][] = []
  const world = createWorld({
    settings: FAST,
    hooks: {
      received: (request: RequestInfo) => (request.api === api && left-- > 0 ? action : { kind: 'proceed' }),
      applied: (request, errorName) => void applied.push([request.api, errorName]),
    },
  })
  world.cluster.admin.createTopic('t', { partitions: 1 })
  return { ...world, applied }
}

function end(world: ProbeWorld): bigint {
  return world.cluster.admin.logEnd('t', 0)
}

/** Produce is named from version 0 on, for librdkafka's sake, and served from 3 on (KIP-896). */
const PRODUCE_SERVED_FROM = 3

describe('T: connections', () => {
  it('T1: one request at a time, answers in order; a parked request holds up what follows', () => {
    const world = createWorld()
    world.cluster.admin.createTopic('t', { partitions: 1 })
    const client = world.connect()
    const poll = client.call('Fetch', 4, fetchBody(0n, { maxWaitMs: 200 }))
    const next = client.call('Produce', 7, produceBody(batchOf()))
    const last = client.call('ApiVersions', 1, {})
    expect([poll.pending, next.pending, last.pending, end(world)]).toEqual([true, true, true, 0n])
    world.clock.advance(200)
    expect(client.answered).toEqual([1, 2, 3])
    expect(fetched(poll).bases).toEqual([])
    expect(end(world)).toBe(1n)
  })

  it('T2: acks 0 has no answer, and an error closes the connection', () => {
    const world = createWorld()
    world.cluster.admin.createTopic('t', { partitions: 1 })
    const client = world.connect()
    const silent = client.call('Produce', 7, produceBody(batchOf(), { acks: 0 }))
    const next = client.call('ApiVersions', 1, {})
    expect([silent.pending, next.pending, end(world)]).toEqual([true, false, 1n])
    const topicData = [{ name: 'nowhere', partitionData: [{ index: 0, records: batchOf() }] }]
    client.call('Produce', 7, { ...produceBody(batchOf(), { acks: 0 }), topicData })
    expect(client.ended).toBe('closed')
  })

  it('T5: what has arrived is done although its client has gone', () => {
    const world = worldWhere('Produce', { kind: 'delay', ms: 1_000 })
    const client = world.connect()
    const call = client.call('Produce', 7, produceBody(batchOf()))
    client.close()
    expect(end(world)).toBe(0n)
    world.clock.advance(1_000)
    expect(end(world)).toBe(1n)
    expect(call.pending).toBe(true)
  })

  it('T5: a JoinGroup whose client has gone still joins', () => {
    const world = createWorld({ settings: { 'group.initial.rebalance.delay.ms': 3_000 } })
    const member = new TestMember(world, 'a')
    member.join()
    member.connection.close()
    world.clock.advance(3_000)
    expect(world.cluster.admin.group(GROUP)).toMatchObject({ state: 'CompletingRebalance', generation: 1 })
  })

  it('T5: but a broker that stops does nothing more', () => {
    const world = worldWhere('Produce', { kind: 'delay', ms: 1_000 })
    world.connect().call('Produce', 7, produceBody(batchOf()))
    world.cluster.admin.stopBroker(0)
    world.clock.advance(1_000)
    expect(end(world)).toBe(0n)
  })

  it('T6: an ApiVersions version that is not served is answered in version 0 with UNSUPPORTED_VERSION', () => {
    const client = createWorld().connect()
    const answers: Buffer[] = []
    const world = createWorld()
    const session = world.cluster.connect(
      0,
      { process: 'p', incarnation: 1 },
      { send: (bytes) => void answers.push(bytes), close: () => {}, reset: () => {} },
    )
    const frame = encodeRequest({ api: 'ApiVersions', version: 4, correlationId: 9, clientId: 'c', body: {} })
    const VERSION_AT = 6
    frame.writeInt16BE(5, VERSION_AT)
    session.receive(frame)
    expect(decodeResponse('ApiVersions', 0, answers[0]?.subarray(4) ?? Buffer.alloc(0))).toMatchObject({
      correlationId: 9,
      body: { errorCode: 35, apiKeys: [{ apiKey: 18, minVersion: 0, maxVersion: 4 }] },
    })
    const named = { clientSoftwareName: 'x', clientSoftwareVersion: '1' }
    expect(client.call('ApiVersions', 3, named).error).toBe('NONE')
  })

  it('T6: other versions that are not served close the connection', () => {
    const client = createWorld().connect()
    client.call('Fetch', 3, {})
    expect(client.ended).toBe('closed')
  })

  it('every request that is listed is served in every version, and refused with an error where the hooks say so', () => {
    const client = createWorld().connect()
    const { apiKeys } = client.call('ApiVersions', 0, {}).answer
    const names = Object.keys(APIS) as ApiName[]
    for (const { apiKey, minVersion, maxVersion } of apiKeys) {
      const api = names.find((name) => APIS[name].key === apiKey)
      if (api === undefined) throw new Error(`unknown key ${apiKey}`)
      expect(APIS[api].max).toBeGreaterThanOrEqual(maxVersion)
      const served = api === 'Produce' ? PRODUCE_SERVED_FROM : minVersion
      for (let version = served; version <= maxVersion; version += 1) {
        const world = worldWhere(api, { kind: 'error', error: 'NOT_COORDINATOR' })
        const refused = world.connect()
        const body = api === 'Produce' ? { acks: 1 } : {}
        const call = refused.call(api, version, withLists(body))
        expect([api, version, call.pending]).toEqual([api, version, false])
        const serving = createWorld({ settings: FAST })
        const connection = serving.connect()
        const answer = connection.call(api, version, withLists(body))
        serving.clock.advance(10_000)
        expect([api, version, answer.pending]).toEqual([api, version, false])
      }
    }
  })
})

/** Empty lists and strings for whatever a request has. */
function withLists(body: object): Record<string, unknown> {
  const empty: Record<string, unknown> = {
    groupId: 'g',
    memberId: '',
    key: 'g',
    protocolType: 'consumer',
    v3AndBelowTransactionalId: '',
  }
  for (const name of [
    'topics',
    'topicData',
    'members',
    'groups',
    'groupsNames',
    'topicNames',
    'protocols',
    'assignments',
    'resources',
    'statesFilter',
    'forgottenTopicsData',
    'transactions',
    'transactionalIds',
    'v3AndBelowTopics',
    'stateFilters',
    'producerIdFilters',
  ])
    empty[name] = []
  return {
    ...empty,
    rackId: '',
    clientSoftwareName: '',
    clientSoftwareVersion: '',
    transactionalId: '',
    ...body,
  }
}

describe('hooks', () => {
  const send = (client: Line) => client.call('Produce', 7, produceBody(batchOf()))

  it('delay: applied later, and what follows waits', () => {
    const world = worldWhere('Produce', { kind: 'delay', ms: 100 })
    const client = world.connect()
    const call = send(client)
    const next = client.call('ApiVersions', 1, {})
    world.clock.advance(99)
    expect([call.pending, next.pending, end(world)]).toEqual([true, true, 0n])
    world.clock.advance(1)
    expect([call.pending, next.pending, end(world)]).toEqual([false, false, 1n])
  })

  it('lose: never applied, and nothing after it', () => {
    const world = worldWhere('Produce', { kind: 'lose' })
    const client = world.connect()
    const call = send(client)
    const next = client.call('ApiVersions', 1, {})
    world.clock.advance(100_000)
    expect([call.pending, next.pending, end(world), client.ended]).toEqual([true, true, 0n, null])
    expect(world.connect().call('ApiVersions', 1, {}).error).toBe('NONE')
  })

  it.each(['lose', 'lose-answer'] as const)('%s: the connection stays until it is reset', (kind) => {
    const world = worldWhere('Produce', { kind })
    const [client, other] = [world.connect(), world.connect()]
    client.call('Produce', 7, produceBody(batchOf()))
    world.clock.advance(60_000)
    expect(client.ended).toBe(null)
    world.cluster.admin.resetLossyConnections()
    expect([client.ended, other.ended]).toEqual(['reset', null])
  })

  it('disconnect-before: closed, not applied', () => {
    const world = worldWhere('Produce', { kind: 'disconnect-before' })
    const client = world.connect()
    send(client)
    expect([client.ended, end(world)]).toEqual(['closed', 0n])
    expect(world.applied).toEqual([])
  })

  it('disconnect-after: applied, closed without an answer', () => {
    const world = worldWhere('Produce', { kind: 'disconnect-after' })
    const client = world.connect()
    const call = send(client)
    expect([client.ended, end(world), call.pending]).toEqual(['closed', 1n, true])
    expect(world.applied).toEqual([['Produce', null]])
  })

  it('lose-answer: applied, as is what follows, and nothing is answered', () => {
    const world = worldWhere('Produce', { kind: 'lose-answer' })
    const client = world.connect()
    const calls = [send(client), send(client)]
    expect(calls.map(({ pending }) => pending)).toEqual([true, true])
    expect([client.ended, end(world)]).toEqual([null, 2n])
  })

  it('delay-answer: applied at once, answered later', () => {
    const world = worldWhere('Produce', { kind: 'delay-answer', ms: 100 })
    const client = world.connect()
    const calls = [send(client), send(client)]
    expect([end(world), calls[0]?.pending]).toEqual([1n, true])
    world.clock.advance(100)
    expect([end(world), calls.some(({ pending }) => pending)]).toEqual([2n, false])
  })

  it('error: not applied, answered with the error in every place', () => {
    const world = worldWhere('Produce', { kind: 'error', error: 'NOT_LEADER_OR_FOLLOWER' })
    const client = world.connect()
    expect(send(client).errors).toEqual(['NOT_LEADER_OR_FOLLOWER'])
    expect([end(world), client.ended]).toEqual([0n, null])
    expect(world.applied).toEqual([['Produce', 'NOT_LEADER_OR_FOLLOWER']])
    const commits = worldWhere('OffsetCommit', { kind: 'error', error: 'NOT_COORDINATOR' })
    const member = new TestMember(commits, 'a')
    stabilize(commits, [member])
    expect(member.commit(1n)).toBe('NOT_COORDINATOR')
    expect(commits.cluster.admin.committed(GROUP, 't', 0)).toBe(null)
    expect(member.commit(1n)).toBe('NONE')
  })

  it('error: a Produce with acks 0 has its connection closed', () => {
    const world = worldWhere('Produce', { kind: 'error', error: 'NOT_LEADER_OR_FOLLOWER' })
    const client = world.connect()
    client.call('Produce', 7, produceBody(batchOf(), { acks: 0 }))
    expect([client.ended, end(world)]).toEqual(['closed', 0n])
  })

  it('hears of a parked request when it completes, with its first error', () => {
    const world = worldWhere('ApiVersions', { kind: 'proceed' })
    const [a, b] = [new TestMember(world, 'a'), new TestMember(world, 'b')]
    stabilize(world, [a])
    world.applied.length = 0
    b.join()
    expect(world.applied).toEqual([['JoinGroup', 'MEMBER_ID_REQUIRED']])
    a.join()
    expect(world.applied.slice(1)).toEqual([
      ['JoinGroup', null],
      ['JoinGroup', null],
    ])
  })
})

describe('frames', () => {
  it('may be cut anywhere, and several may arrive at once', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (sizes) => {
        const world = createWorld()
        world.cluster.admin.createTopic('t', { partitions: 1 })
        const client = world.connect()
        const frames = [
          client.frame('ApiVersions', 3, { clientSoftwareName: 'x', clientSoftwareVersion: '1' }),
          client.frame('Produce', 7, produceBody(batchOf())),
          client.frame('Metadata', 5, { topics: null }),
        ]
        let bytes = Buffer.concat(frames.map((frame) => frame.bytes))
        for (let index = 0; bytes.length > 0; index += 1) {
          const size = sizes[index % sizes.length] ?? 1
          client.send(bytes.subarray(0, size))
          bytes = bytes.subarray(size)
        }
        expect(client.answered).toEqual([1, 2, 3])
        expect(end(world)).toBe(1n)
      }),
    )
  })

  it('a garbage frame closes the connection, and only that', () => {
    const world = createWorld()
    const other = world.connect()
    for (const bytes of [
      Buffer.from('GET / HTTP/1.1\r\n\r\n'),
      Buffer.from([0, 0, 0, 2, 0, 0]),
      Buffer.from([0xff, 0xff, 0xff, 0xff]),
      Buffer.from([0, 0, 0, 10, 0x7f, 0xff, 0, 0, 0, 0, 0, 1, 0xff, 0xff]),
      Buffer.from([0, 0, 0, 10, 0, 3, 0, 5, 0, 0, 0, 1, 0x7f, 0xff]),
    ]) {
      const client = world.connect()
      client.send(bytes)
      expect([bytes.toString('hex'), client.ended]).toEqual([bytes.toString('hex'), 'closed'])
    }
    expect(other.call('ApiVersions', 1, {}).error).toBe('NONE')
  })

  it('bytes that are broken anywhere never bring the cluster down', () => {
    const samples = createSamples()
    fc.assert(
      fc.property(
        fc.constantFrom(...samples),
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 4 }),
        (sample, changes) => {
          const world = createWorld({ settings: FAST })
          world.cluster.admin.createTopic('t', { partitions: 1 })
          const bytes = Buffer.from(sample)
          for (const [at, value] of changes) bytes[4 + (at % (bytes.length - 4))] = value
          const raw = world.cluster.connect(
            0,
            { process: 'p', incarnation: 1 },
            { send: () => {}, close: () => {}, reset: () => {} },
          )
          raw.receive(bytes)
          world.clock.advance(1_000)
        },
      ),
      { numRuns: 3_000 },
    )
  })
})

function createSamples(): Buffer[] {
  const topics = [
    { name: 't', partitions: [{ partitionIndex: 0, committedOffset: 1n, committedMetadata: '' }] },
  ]
  const request = (api: ApiName, version: number, body: object): Buffer =>
    encodeRequest({ api, version, correlationId: 1, clientId: 'c', body: withLists(body) })
  return [
    request('Produce', 7, produceBody(batchOf())),
    request('Fetch', 11, fetchBody(0n)),
    request('Metadata', 5, { topics: [{ name: 't' }] }),
    request('OffsetCommit', 8, { generationIdOrMemberEpoch: -1, topics }),
    request('OffsetFetch', 5, { topics: [{ name: 't', partitionIndexes: [0] }] }),
    request('JoinGroup', 6, {
      sessionTimeoutMs: 10_000,
      rebalanceTimeoutMs: 10_000,
      protocols: [{ name: 'range', metadata: Buffer.alloc(4) }],
    }),
    request('SyncGroup', 4, { assignments: [{ memberId: 'm', assignment: Buffer.alloc(4) }] }),
    request('LeaveGroup', 4, { members: [{ memberId: 'm' }] }),
    request('ListOffsets', 5, {
      topics: [{ name: 't', partitions: [{ partitionIndex: 0, timestamp: -1n }] }],
    }),
    request('CreateTopics', 4, {
      topics: [{ name: 'n', numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }],
    }),
    request('DescribeConfigs', 1, {
      resources: [{ resourceType: 2, resourceName: 't', configurationKeys: null }],
    }),
    request('DeleteRecords', 1, { topics: [{ name: 't', partitions: [{ partitionIndex: 0, offset: 1n }] }] }),
    request('ListGroups', 4, {}),
    request('DescribeGroups', 4, { groups: ['g'] }),
  ]
}
