import { describe, expect, it } from 'vitest'
import { createWorld } from '../probe/world.ts'
import { fetchBody, fetched, GROUP, stabilize, TestMember } from '../testing/harness.ts'

const IDLE_MS = 600_000

describe('a connection', () => {
  it('T4: is closed after ten idle minutes, counted from the last request or answer', () => {
    const world = createWorld()
    world.cluster.admin.createTopic('t', { partitions: 1 })
    const silent = world.connect()
    const busy = world.connect()
    const parked = world.connect()
    world.clock.advance(IDLE_MS - 1_000)
    expect(busy.call('ApiVersions', 1, {}).error).toBe('NONE')
    const poll = parked.call('Fetch', 4, fetchBody(0n, { maxWaitMs: 500 }))
    world.clock.advance(999)
    expect([silent.ended, busy.ended, parked.ended]).toEqual([null, null, null])
    world.clock.advance(1)
    expect([silent.ended, busy.ended, parked.ended]).toEqual(['closed', null, null])
    expect(fetched(poll).error).toBe('NONE')
    world.clock.advance(IDLE_MS - 1_001)
    expect([busy.ended, parked.ended]).toEqual([null, null])
    world.clock.advance(1)
    expect([busy.ended, parked.ended]).toEqual(['closed', null])
    world.clock.advance(500)
    expect(parked.ended).toBe('closed')
    expect(world.clock.pending).toBe(0)
  })

  it('T4: -1 leaves idle connections open and sets no timer', () => {
    const world = createWorld({ settings: { 'connections.max.idle.ms': -1 } })
    world.connect()
    expect(world.clock.pending).toBe(0)
  })

  it('whose client is gone has no timer', () => {
    const world = createWorld()
    world.connect().close()
    expect(world.clock.pending).toBe(0)
  })

  it('to a broker that stops while a JoinGroup waits: the hooks hear nothing of it', () => {
    const applied: string[] = []
    const world = createWorld({
      brokers: 2,
      settings: { 'group.initial.rebalance.delay.ms': 0 },
      hooks: { applied: ({ api }, error) => void applied.push(`${api} ${error}`) },
    })
    const broker = world.cluster.admin.coordinator(GROUP) ?? 0
    const [a, b] = ['a', 'b'].map((name) => new TestMember(world, name, { broker })) as [
      TestMember,
      TestMember,
    ]
    stabilize(world, [a])
    const waiting = b.join()
    applied.length = 0
    world.cluster.admin.stopBroker(broker)
    expect([waiting.pending, b.connection.ended, applied]).toEqual([true, 'reset', []])
  })

  it('T5: a commit that is delayed until its client has gone is applied under its own ordinal', () => {
    let known = true
    const world = createWorld({
      hooks: {
        ordinal: () => (known ? 7 : 0),
        received: ({ api }) => (api === 'OffsetCommit' ? { kind: 'delay', ms: 100 } : { kind: 'proceed' }),
      },
    })
    world.cluster.admin.createTopic('t', { partitions: 1 })
    const client = world.connect()
    client.call('OffsetCommit', 7, {
      groupId: GROUP,
      generationIdOrMemberEpoch: -1,
      memberId: '',
      topics: [
        { name: 't', partitions: [{ partitionIndex: 0, committedOffset: 3n, committedMetadata: null }] },
      ],
    })
    known = false
    client.close()
    world.clock.advance(100)
    expect(world.observations.at(-1)).toMatchObject({
      kind: 'commit',
      phase: 'applied',
      offset: 3n,
      ordinal: 7,
    })
  })

  it('to a broker that is down is reset and read no more', () => {
    const world = createWorld({ brokers: 2 })
    world.cluster.admin.stopBroker(1)
    const client = world.connect('a', 1)
    expect([client.ended, client.call('ApiVersions', 1, {}).pending]).toEqual(['reset', true])
  })

  it('ApiVersions is answered with the same bytes but for the correlation id', () => {
    const world = createWorld()
    const client = world.connect()
    const [first, second] = [client.call('ApiVersions', 2, {}), client.call('ApiVersions', 2, {})]
    expect(second.answer).toEqual(first.answer)
    expect(client.answered).toEqual([1, 2])
  })
})
