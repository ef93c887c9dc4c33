import { describe, expect, it } from 'vitest'
import { createWorld } from './probe/world.ts'
import { fetchBody, produce, stabilize, TestMember } from './testing/harness.ts'

describe('one event at a time', () => {
  it('a LeaveGroup behind a parked JoinGroup begins when all members have got their generation', () => {
    const world = createWorld({ settings: { 'group.initial.rebalance.delay.ms': 0 } })
    const [b, a] = ['b', 'a'].map((name) => new TestMember(world, name)) as [TestMember, TestMember]
    stabilize(world, [b, a])
    const first = b.join()
    const leaving = b.leave()
    const second = a.join()
    expect([first.answer.generationId, second.answer.generationId]).toEqual([2, 2])
    expect(leaving.errors).toEqual(['NONE', 'NONE'])
    a.joined(second)
    expect(a.heartbeat()).toBe('REBALANCE_IN_PROGRESS')
    const third = a.join()
    a.joined(third)
    a.sync()
    const { state, generation, members } = world.cluster.admin.group(a.group) ?? {}
    expect([state, generation, members?.length]).toEqual(['Stable', 3, 1])
    a.leave()
    a.connection.close()
    b.connection.close()
    // The expiry task looks for the empty group.
    world.clock.advance(600_000)
    expect(world.clock.pending).toBe(0)
  })

  it('a JoinGroup behind a parked SyncGroup finds the new rebalance, not the old generation', () => {
    const world = createWorld({ settings: { 'group.initial.rebalance.delay.ms': 0 } })
    const [a, b, c] = ['a', 'b', 'c'].map((name) => new TestMember(world, name)) as [
      TestMember,
      TestMember,
      TestMember,
    ]
    stabilize(world, [a, b])
    const [first, second] = [a.join(), b.join()]
    a.joined(first)
    b.joined(second)
    const parked = b.sync()
    const again = b.join()
    const newcomer = c.join()
    expect(parked.error).toBe('REBALANCE_IN_PROGRESS')
    expect([again.pending, newcomer.pending]).toEqual([true, true])
    a.join()
    expect([again.answer.generationId, newcomer.answer.generationId]).toEqual([3, 3])
  })

  it('what is appended is observed before the poll that it wakes', () => {
    const world = createWorld()
    world.cluster.admin.createTopic('t', { partitions: 1 })
    const kinds = (): string[] => world.observations.splice(0).map(({ kind }) => kind)
    kinds()
    const client = world.connect()
    client.call('Fetch', 4, fetchBody(0n))
    produce(world.connect('producer'))
    expect(kinds()).toEqual(['append', 'fetched'])
    client.call('Fetch', 4, fetchBody(1n))
    world.cluster.admin.append({ topic: 't', partition: 0, key: null, value: null })
    expect(kinds()).toEqual(['append', 'fetched'])
  })
})
