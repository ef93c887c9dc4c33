import { describe, expect, it } from 'vitest'
import type { Call } from '../probe/call.ts'
import type { Line } from '../probe/line.ts'
import { createWorld, type ProbeWorld } from '../probe/world.ts'
import { batchOf, produceBody } from '../testing/harness.ts'
import { type ElementOf, errorName, type RequestDraft } from '../wire/index.ts'

const PARTITIONS = 3

type AskedFetch = ElementOf<ElementOf<RequestDraft<'Fetch'>['topics']>['partitions']>

function open(settings: Record<string, number> = {}, brokers = 1): { world: ProbeWorld; client: Line } {
  const world = createWorld({ settings, brokers })
  world.cluster.admin.createTopic('t', { partitions: PARTITIONS })
  return { world, client: world.connect() }
}

function asked(...offsets: readonly (readonly [number, bigint])[]): AskedFetch[] {
  return offsets.map(([partition, fetchOffset]) => ({ partition, fetchOffset, partitionMaxBytes: 1_000_000 }))
}

interface Fetching {
  readonly session?: number
  readonly epoch?: number
  readonly partitions?: readonly AskedFetch[]
  readonly forget?: readonly number[]
  readonly waitMs?: number
  readonly topicId?: string
}

function fetch(
  client: Line,
  { session = 0, epoch = 0, partitions = [], forget = [], waitMs = 0, topicId }: Fetching,
  version = topicId === undefined ? 11 : 13,
): Call<'Fetch'> {
  const topic = topicId === undefined ? { topic: 't' } : { topicId }
  return client.call('Fetch', version, {
    maxWaitMs: waitMs,
    minBytes: 1,
    maxBytes: 1_000_000,
    sessionId: session,
    sessionEpoch: epoch,
    topics: partitions.length === 0 ? [] : [{ ...topic, partitions }],
    forgottenTopicsData: forget.length === 0 ? [] : [{ ...topic, partitions: forget }],
  })
}

const ALL = asked([0, 0n], [1, 0n], [2, 0n])

/** Partitions in the answer with their errors, in its order. */
function told(call: Call<'Fetch'>): [unknown, string][] {
  const topics = call.answer.responses
  return topics.flatMap(({ partitions }) =>
    partitions.map(({ partitionIndex, errorCode }): [unknown, string] => [
      partitionIndex,
      errorName(errorCode),
    ]),
  )
}

function begin(client: Line, partitions = ALL, topicId?: string): number {
  const call = fetch(client, { partitions, ...(topicId === undefined ? {} : { topicId }) })
  return call.answer.sessionId
}

function produceTo(client: Line, index: number): void {
  client.call(
    'Produce',
    7,
    produceBody(batchOf(), { topicData: [{ name: 't', partitionData: [{ index, records: batchOf() }] }] }),
  )
}

describe('L9: fetch sessions', () => {
  it('the first answer has everything, later ones only what has changed', () => {
    const { client } = open()
    const first = fetch(client, { partitions: ALL })
    const session = first.answer.sessionId
    expect(session).toBeGreaterThan(0)
    expect(told(first)).toHaveLength(PARTITIONS)
    expect(told(fetch(client, { session, epoch: 1 }))).toEqual([])
    produceTo(client, 1)
    const third = fetch(client, { session, epoch: 2 })
    expect(told(third)).toEqual([[1, 'NONE']])
    expect(third.answer.sessionId).toBe(session)
    // The client has moved on: nothing is new but for the partition that it tells of.
    expect(told(fetch(client, { session, epoch: 3, partitions: asked([1, 1n]) }))).toEqual([])
  })

  it('epoch -1 asks for no session, and version 6 has none', () => {
    const { client } = open()
    expect(fetch(client, { partitions: ALL, epoch: -1 }).answer.sessionId).toBe(0)
    expect(fetch(client, { partitions: ALL }, 6).answer.sessionId).toBe(0)
  })

  it('a long poll waits for any partition of the session', () => {
    const { client, world } = open()
    const session = begin(client)
    const call = fetch(client, { session, epoch: 1, waitMs: 500 })
    expect(call.pending).toBe(true)
    produceTo(world.connect('producer'), 2)
    expect(told(call)).toEqual([[2, 'NONE']])
  })

  it('forgotten partitions are no longer looked at; with the last one the session ends', () => {
    const { client } = open()
    const session = begin(client)
    produceTo(client, 0)
    produceTo(client, 1)
    expect(told(fetch(client, { session, epoch: 1, forget: [0] }))).toEqual([[1, 'NONE']])
    const last = fetch(client, { session, epoch: 2, forget: [1, 2] })
    expect([last.answer.sessionId, told(last)]).toEqual([0, []])
    expect(fetch(client, { session, epoch: 3 }).error).toBe('FETCH_SESSION_ID_NOT_FOUND')
  })

  it('a partition that joins is told of, and errors are told each time', () => {
    const { client } = open()
    const session = begin(client, asked([0, 0n]))
    expect(told(fetch(client, { session, epoch: 1, partitions: asked([1, 0n], [7, 0n]) }))).toEqual([
      [1, 'NONE'],
      [7, 'UNKNOWN_TOPIC_OR_PARTITION'],
    ])
    expect(told(fetch(client, { session, epoch: 2 }))).toEqual([[7, 'UNKNOWN_TOPIC_OR_PARTITION']])
    expect(told(fetch(client, { session, epoch: 3, partitions: asked([0, 9n]) }))).toEqual([
      [0, 'OFFSET_OUT_OF_RANGE'],
      [7, 'UNKNOWN_TOPIC_OR_PARTITION'],
    ])
    expect(told(fetch(client, { session, epoch: 4, partitions: asked([0, 0n]) }))).toEqual([
      [0, 'NONE'],
      [7, 'UNKNOWN_TOPIC_OR_PARTITION'],
    ])
  })

  it('the start of the log is news', () => {
    const { client, world } = open()
    produceTo(client, 0)
    const session = begin(client, asked([0, 1n], [1, 0n]))
    expect(told(fetch(client, { session, epoch: 1 }))).toEqual([])
    world.cluster.admin.deleteRecords('t', 0, 1n)
    expect(told(fetch(client, { session, epoch: 2 }))).toEqual([[0, 'NONE']])
    expect(told(fetch(client, { session, epoch: 3 }))).toEqual([])
  })

  it('partitions that had records go to the end of the line', () => {
    const { client } = open()
    const session = begin(client)
    produceTo(client, 0)
    expect(told(fetch(client, { session, epoch: 1 }))).toEqual([[0, 'NONE']])
    produceTo(client, 1)
    expect(told(fetch(client, { session, epoch: 2 }))).toEqual([
      [1, 'NONE'],
      [0, 'NONE'],
    ])
  })

  it('a wrong epoch is INVALID_FETCH_SESSION_EPOCH, an unknown id FETCH_SESSION_ID_NOT_FOUND', () => {
    const { client } = open()
    const session = begin(client)
    for (const epoch of [2, 5]) {
      const call = fetch(client, { session, epoch })
      expect([call.error, call.answer.sessionId, told(call)]).toEqual(['INVALID_FETCH_SESSION_EPOCH', 0, []])
    }
    expect(fetch(client, { session, epoch: 1 }).error).toBe('NONE')
    expect(fetch(client, { session, epoch: 1 }).error).toBe('INVALID_FETCH_SESSION_EPOCH')
    expect(fetch(client, { session: session + 1, epoch: 1 }).error).toBe('FETCH_SESSION_ID_NOT_FOUND')
    expect(fetch(client, { session: 2_147_483_647, epoch: 1 }).error).toBe('FETCH_SESSION_ID_NOT_FOUND')
  })

  it('a request that was overtaken while it waited is INVALID_FETCH_SESSION_EPOCH', () => {
    const { client, world } = open()
    const session = begin(client)
    const waiting = fetch(client, { session, epoch: 1, waitMs: 500 })
    expect(fetch(world.connect(), { session, epoch: 2 }).error).toBe('NONE')
    world.clock.advance(500)
    expect([waiting.error, waiting.answer.sessionId]).toEqual(['INVALID_FETCH_SESSION_EPOCH', session])
  })

  it('a whole request that names a session closes it', () => {
    const { client } = open()
    const session = begin(client)
    const next = Number(fetch(client, { session, epoch: 0, partitions: ALL }).answer.sessionId)
    expect(next).not.toBe(session)
    expect(fetch(client, { session, epoch: 1 }).error).toBe('FETCH_SESSION_ID_NOT_FOUND')
    fetch(client, { session: next, epoch: -1 })
    expect(fetch(client, { session: next, epoch: 1 }).error).toBe('FETCH_SESSION_ID_NOT_FOUND')
  })

  it('when the slots are taken there is no session; stale ones give way after two minutes, small ones to bigger', () => {
    const { client, world } = open({ 'max.incremental.fetch.session.cache.slots': 8 })
    const small = Array.from({ length: 8 }, () => begin(client, asked([0, 0n])))
    expect(small.every((id) => id > 0)).toBe(true)
    expect(begin(client)).toBe(0)
    world.clock.advance(120_000)
    // Used, so that it is not stale; two minutes old, so that it is fair game.
    for (const session of small) expect(fetch(client, { session, epoch: 1 }).error).toBe('NONE')
    world.clock.advance(1)
    for (const session of small) expect(fetch(client, { session, epoch: 2 }).error).toBe('NONE')
    expect(begin(client, asked([0, 0n]))).toBe(0)
    expect(begin(client)).toBeGreaterThan(0)
    const lost = small.filter((session) => fetch(client, { session, epoch: 3 }).error !== 'NONE')
    expect(lost).toHaveLength(1)
    world.clock.advance(120_001)
    expect(begin(client, asked([0, 0n]))).toBeGreaterThan(0)
  })

  it('a broker that stops forgets its sessions', () => {
    const { client, world } = open()
    const session = begin(client)
    world.cluster.admin.stopBroker(0)
    world.cluster.admin.startBroker(0)
    expect(fetch(world.connect(), { session, epoch: 1 }).error).toBe('FETCH_SESSION_ID_NOT_FOUND')
  })

  it('the same seed gives the same sessions', () => {
    expect(begin(open().client)).toBe(begin(open().client))
  })
})

describe('L11: topic ids in Fetch', () => {
  function recreated(): { world: ProbeWorld; client: Line; before: string; recreate: () => string } {
    const { world, client } = open()
    const idOf = (): string => {
      const call = client.call('Metadata', 12, { topics: [{ name: 't' }] })
      return String(call.answer.topics[0]?.topicId)
    }
    const before = idOf()
    const recreate = (): string => {
      client.call('DeleteTopics', 6, { topics: [{ name: 't' }] })
      client.call('CreateTopics', 7, { topics: [{ name: 't', numPartitions: 3, replicationFactor: 1 }] })
      return idOf()
    }
    return { world, client, before, recreate }
  }

  it('a topic is read by its id; an id that is gone is UNKNOWN_TOPIC_ID', () => {
    const { client, before, recreate } = recreated()
    produceTo(client, 0)
    const call = fetch(client, { partitions: asked([0, 0n]), topicId: before, epoch: -1 })
    expect(told(call)).toEqual([[0, 'NONE']])
    expect(call.answer.responses).toMatchObject([{ topicId: before }])
    const now = recreate()
    expect(told(fetch(client, { partitions: asked([0, 0n]), topicId: before, epoch: -1 }))).toEqual([
      [0, 'UNKNOWN_TOPIC_ID'],
    ])
    expect(told(fetch(client, { partitions: asked([0, 0n]), topicId: now, epoch: -1 }))).toEqual([
      [0, 'NONE'],
    ])
  })

  it('a session that knew the topic by its id meets INCONSISTENT_TOPIC_ID after it was recreated', () => {
    const { client, before, recreate } = recreated()
    const session = begin(client, asked([0, 0n]), before)
    recreate()
    const call = fetch(client, { session, epoch: 1, topicId: before })
    expect(told(call)).toEqual([[0, 'INCONSISTENT_TOPIC_ID']])
  })

  it('and UNKNOWN_TOPIC_OR_PARTITION where it was only deleted', () => {
    const { client, before } = recreated()
    const session = begin(client, asked([0, 0n]), before)
    client.call('DeleteTopics', 5, { topicNames: ['t'] })
    expect(told(fetch(client, { session, epoch: 1, topicId: before }))).toEqual([
      [0, 'UNKNOWN_TOPIC_OR_PARTITION'],
    ])
  })

  it('a session with names is none with ids, and the other way round', () => {
    const { client, before } = recreated()
    const named = begin(client)
    expect(fetch(client, { session: named, epoch: 1, topicId: before }).error).toBe(
      'FETCH_SESSION_TOPIC_ID_ERROR',
    )
    const byId = begin(client, ALL, before)
    expect(fetch(client, { session: byId, epoch: 1 }).error).toBe('FETCH_SESSION_TOPIC_ID_ERROR')
  })

  it('L5: from version 16 on, a broker that does not lead says who does', () => {
    const { world, client } = open({}, 2)
    const call = client.call('Metadata', 12, { topics: [{ name: 't' }] })
    const topicId = String(call.answer.topics[0]?.topicId)
    const leader = Number(world.cluster.admin.leader('t', 0))
    const wrong = world.connect('c', 1 - leader)
    const answer = fetch(wrong, { partitions: asked([0, 0n]), topicId, epoch: -1 }, 16).answer
    expect(answer).toMatchObject({
      nodeEndpoints: [{ nodeId: leader, host: `broker-${leader}`, port: 9092 }],
      responses: [{ partitions: [{ errorCode: 6, currentLeader: { leaderId: leader, leaderEpoch: 0 } }] }],
    })
    expect(fetch(wrong, { partitions: asked([0, 0n]), topicId, epoch: -1 }, 15).answer).toMatchObject({
      nodeEndpoints: [],
    })
  })
})
