import { describe, expect, it } from 'vitest'
import { createWorld, type ProbeWorld } from '../probe/world.ts'
import { GROUP, SESSION_MS, stabilize, TestMember } from '../testing/harness.ts'
import { oneCopy } from '../testing/worlds.ts'
import { type AnswerBody, encodeSubscription, type RequestDraft } from '../wire/index.ts'

const DAY_MS = 24 * 3_600_000
const SIMPLE = { memberId: '', generationIdOrMemberEpoch: -1 }

function stable(world: ProbeWorld, ...names: string[]): TestMember[] {
  const members = names.map((name) => new TestMember(world, name))
  stabilize(world, members)
  return members
}

/** A stable member with the longest session there is. */
/** Kafka looks for what has expired so often. */
const CHECK_MS = 600_000

function patient(world: ProbeWorld, topic = 't'): TestMember {
  const member = new TestMember(world, 'patient')
  const metadata = encodeSubscription({ version: 0, topics: [topic] })
  const call = member.join({ sessionTimeoutMs: 1_800_000, protocols: [{ name: 'range', metadata }] })
  world.clock.advance(0)
  member.joined(call)
  member.sync()
  return member
}

function keepAlive(world: ProbeWorld, member: TestMember, ms: number): void {
  for (let waitedMs = 0; waitedMs < ms; waitedMs += 1_700_000) {
    world.clock.advance(1_700_000)
    expect(member.heartbeat()).toBe('NONE')
  }
}

function committed(world: ProbeWorld, partition = 0): bigint | null {
  return world.cluster.admin.committed(GROUP, 't', partition)
}

function fetchOffsets(
  world: ProbeWorld,
  groupId: string,
  topics: (RequestDraft<'OffsetFetch'>['topics'] & object) | null,
): AnswerBody<'OffsetFetch'> {
  return world.connect('operator').call('OffsetFetch', 5, { groupId, topics }).answer
}

describe('O: committed offsets', () => {
  it('O1: a stale generation and an unknown member are refused', () => {
    const world = oneCopy({ partitions: 2, settings: { 'connections.max.idle.ms': -1 } })
    const [a] = stable(world, 'a') as [TestMember]
    expect(a.commit(5n)).toBe('NONE')
    expect(a.commit(6n, { generationIdOrMemberEpoch: 0 })).toBe('ILLEGAL_GENERATION')
    expect(a.commit(7n, { memberId: 'nobody' })).toBe('UNKNOWN_MEMBER_ID')
    expect(committed(world)).toBe(5n)
  })

  it('O2: PreparingRebalance accepts the current generation, CompletingRebalance answers REBALANCE_IN_PROGRESS', () => {
    const world = oneCopy({ partitions: 2, settings: { 'connections.max.idle.ms': -1 } })
    const [a] = stable(world, 'a') as [TestMember]
    const b = new TestMember(world, 'b')
    const join = b.join()
    expect(world.cluster.admin.groupState(GROUP)).toBe('PreparingRebalance')
    expect(a.commit(3n)).toBe('NONE')
    a.joined(a.join())
    b.joined(join)
    expect(world.cluster.admin.groupState(GROUP)).toBe('CompletingRebalance')
    expect(a.commit(4n)).toBe('REBALANCE_IN_PROGRESS')
    expect(committed(world)).toBe(3n)
  })

  it('O3: generation -1 is accepted only by an empty or new group', () => {
    const world = oneCopy({ partitions: 2, settings: { 'connections.max.idle.ms': -1 } })
    const operator = new TestMember(world, 'operator')
    expect(operator.commit(1n, SIMPLE)).toBe('NONE')
    expect(world.cluster.admin.groupState(GROUP)).toBe('Empty')
    const [a] = stable(world, 'a') as [TestMember]
    expect(operator.commit(2n, SIMPLE)).toBe('UNKNOWN_MEMBER_ID')
    a.leave()
    expect(operator.commit(3n, SIMPLE)).toBe('NONE')
    expect(committed(world)).toBe(3n)
  })

  it('O4: from version 9 on, a group that does not exist is GROUP_ID_NOT_FOUND', () => {
    const world = oneCopy({ partitions: 2, settings: { 'connections.max.idle.ms': -1 } })
    const body = {
      groupId: 'nobody',
      generationIdOrMemberEpoch: 4,
      memberId: 'x',
      topics: [
        { name: 't', partitions: [{ partitionIndex: 0, committedOffset: 1n, committedMetadata: null }] },
      ],
    }
    const errors = (version: number): string =>
      world.connect('z').call('OffsetCommit', version, body).errors.join()
    expect([errors(8), errors(9)]).toEqual(['ILLEGAL_GENERATION', 'GROUP_ID_NOT_FOUND'])
  })

  it('O4: a group that does not exist answers ILLEGAL_GENERATION to a generation', () => {
    const world = oneCopy({ partitions: 2, settings: { 'connections.max.idle.ms': -1 } })
    const zombie = new TestMember(world, 'zombie')
    expect(zombie.commit(1n, { memberId: 'x', generationIdOrMemberEpoch: 4 })).toBe('ILLEGAL_GENERATION')
    expect(world.cluster.admin.groups()).toEqual([])
  })

  it('O5: any member may overwrite any offset, backwards too', () => {
    const world = oneCopy({ partitions: 2, settings: { 'connections.max.idle.ms': -1 } })
    const [a, b] = stable(world, 'a', 'b') as [TestMember, TestMember]
    expect(a.commit(10n)).toBe('NONE')
    // Partition 0 is a's.
    expect(b.commit(2n)).toBe('NONE')
    expect(committed(world)).toBe(2n)
    expect(world.observations.findLast(({ kind }) => kind === 'commit')).toMatchObject({
      process: 'b',
      owner: 'a',
      phase: 'applied',
    })
  })

  it('O6: a commit refreshes the session', () => {
    const world = oneCopy({ partitions: 2, settings: { 'connections.max.idle.ms': -1 } })
    const [a] = stable(world, 'a') as [TestMember]
    for (let times = 0; times < 4; times += 1) {
      world.clock.advance(SESSION_MS - 1)
      expect(a.commit(BigInt(times))).toBe('NONE')
    }
    world.clock.advance(SESSION_MS)
    expect(a.commit(9n)).toBe('UNKNOWN_MEMBER_ID')
  })

  it('O7: a commit whose answer is lost has been applied', () => {
    const world = createWorld({
      settings: { 'group.initial.rebalance.delay.ms': 0 },
      hooks: {
        received: ({ api }) => ({ kind: api === 'OffsetCommit' ? 'disconnect-after' : 'proceed' }),
      },
    })
    world.cluster.admin.createTopic('t', { partitions: 1 })
    const [a] = stable(world, 'a') as [TestMember]
    expect(() => a.commit(5n)).toThrow('has not been answered')
    expect(a.connection.ended).toBe('closed')
    expect(committed(world)).toBe(5n)
  })

  it('O8: OffsetFetch of an unknown group or partition is -1 without an error', () => {
    const world = oneCopy({ partitions: 2, settings: { 'connections.max.idle.ms': -1 } })
    const answer = fetchOffsets(world, 'unknown', [{ name: 't', partitionIndexes: [0, 77] }])
    expect(answer.errorCode).toBe(0)
    expect(answer.topics).toEqual([
      {
        name: 't',
        partitions: [0, 77].map((partitionIndex) => ({
          partitionIndex,
          committedOffset: -1n,
          committedLeaderEpoch: -1,
          metadata: '',
          errorCode: 0,
        })),
      },
    ])
    expect(fetchOffsets(world, 'unknown', null).topics).toEqual([])
    expect(world.cluster.admin.groups()).toEqual([])
  })

  it('O10: offsets of a group that has been empty for the retention are gone, of a running group they stay', () => {
    const world = oneCopy({ partitions: 2, settings: { 'connections.max.idle.ms': -1 } })
    const a = patient(world)
    a.commit(5n)
    keepAlive(world, a, 8 * DAY_MS)
    expect(committed(world)).toBe(5n)
    a.leave()
    world.clock.advance(7 * DAY_MS - 1)
    expect(committed(world)).toBe(5n)
    world.clock.advance(CHECK_MS)
    expect(committed(world)).toBe(null)
    expect(world.cluster.admin.groups()).toEqual([])
    expect(world.observations).toContainEqual(
      expect.objectContaining({ kind: 'offset-removed', reason: 'expired' }),
    )
  })

  it('O10: offsets without a group expire after their own commit, those of unsubscribed topics while the group runs', () => {
    const world = oneCopy({ partitions: 2, settings: { 'connections.max.idle.ms': -1 } })
    const operator = new TestMember(world, 'operator')
    operator.commit(1n, SIMPLE)
    world.clock.advance(4 * DAY_MS)
    operator.commit(2n, SIMPLE, { partitionIndex: 1 })
    world.clock.advance(3 * DAY_MS)
    expect([committed(world), committed(world, 1)]).toEqual([null, 2n])
    keepAlive(world, patient(world, 'other'), 4 * DAY_MS)
    expect(committed(world, 1)).toBe(null)
  })

  it('O10: an empty group without offsets is deleted at the next look', () => {
    const world = oneCopy({ partitions: 2, settings: { 'connections.max.idle.ms': -1 } })
    const a = patient(world)
    a.leave()
    expect(world.cluster.admin.groups()).toEqual([GROUP])
    world.clock.advance(CHECK_MS)
    expect(world.cluster.admin.groups()).toEqual([])
    expect(world.clock.pending).toBe(0)
  })

  it('O10: a group that subscribes to less loses what it committed long ago', () => {
    const world = oneCopy({ partitions: 2, settings: { 'connections.max.idle.ms': -1 } })
    const a = patient(world)
    a.commit(5n)
    keepAlive(world, a, 8 * DAY_MS)
    expect(committed(world)).toBe(5n)
    const again = a.join({
      sessionTimeoutMs: 1_800_000,
      protocols: [{ name: 'range', metadata: encodeSubscription({ version: 0, topics: ['other'] }) }],
    })
    world.clock.advance(1)
    a.joined(again)
    a.sync([{ member: a, topics: [] }])
    keepAlive(world, a, CHECK_MS)
    expect(committed(world)).toBe(null)
  })

  it('O10: before version 5 a commit may say itself how long it is kept', () => {
    const world = oneCopy({ partitions: 2, settings: { 'connections.max.idle.ms': -1 } })
    const client = world.connect()
    const partitions = [{ partitionIndex: 0, committedOffset: 1n, committedMetadata: null }]
    client.call('OffsetCommit', 4, {
      groupId: GROUP,
      generationIdOrMemberEpoch: -1,
      memberId: '',
      retentionTimeMs: 1_000n,
      topics: [{ name: 't', partitions }],
    })
    world.clock.advance(CHECK_MS - 1)
    expect(committed(world)).toBe(1n)
    world.clock.advance(1)
    expect(committed(world)).toBe(null)
  })

  it('O11: too much metadata is refused; a deleted topic takes its offsets along', () => {
    const world = oneCopy({ partitions: 2, settings: { 'connections.max.idle.ms': -1 } })
    const [a] = stable(world, 'a') as [TestMember]
    expect(a.commit(1n, {}, { committedMetadata: 'x'.repeat(4_096) })).toBe('NONE')
    expect(a.commit(2n, {}, { committedMetadata: 'x'.repeat(4_097) })).toBe('OFFSET_METADATA_TOO_LARGE')
    expect(a.commit(2n, {}, { partitionIndex: 9 })).toBe('UNKNOWN_TOPIC_OR_PARTITION')
    expect(committed(world)).toBe(1n)
    const operator = world.connect('operator')
    expect(operator.call('DeleteTopics', 3, { topicNames: ['t'], timeoutMs: 1 }).errors).toEqual(['NONE'])
    expect(committed(world)).toBe(null)
    expect(operator.call('DeleteTopics', 3, { topicNames: ['t'], timeoutMs: 1 }).errors).toEqual([
      'UNKNOWN_TOPIC_OR_PARTITION',
    ])
  })

  it('offsets beyond 2^53 are exact', () => {
    const world = oneCopy({ partitions: 2, settings: { 'connections.max.idle.ms': -1 } })
    const [a] = stable(world, 'a') as [TestMember]
    const offset = 2n ** 62n + 1n
    expect(a.commit(offset)).toBe('NONE')
    expect(committed(world)).toBe(offset)
    const answer = fetchOffsets(world, GROUP, null)
    expect(answer.topics).toMatchObject([{ partitions: [{ committedOffset: offset }] }])
  })

  it('OffsetDelete removes what the running group does not subscribe to', () => {
    const world = oneCopy({ partitions: 2, settings: { 'connections.max.idle.ms': -1 } })
    world.cluster.admin.createTopic('old', { partitions: 1 })
    const operator = new TestMember(world, 'operator')
    const old = {
      name: 'old',
      partitions: [{ partitionIndex: 0, committedOffset: 1n, committedMetadata: '' }],
    }
    operator.commit(1n, { ...SIMPLE, topics: [old] })
    stable(world, 'a')
    const remove = (name: string): string[] =>
      world.connect('operator').call('OffsetDelete', 0, {
        groupId: GROUP,
        topics: [{ name, partitions: [{ partitionIndex: 0 }] }],
      }).errors
    expect(remove('t')).toEqual(['NONE', 'GROUP_SUBSCRIBED_TO_TOPIC'])
    expect(remove('old')).toEqual(['NONE', 'NONE'])
    expect(world.cluster.admin.committed(GROUP, 'old', 0)).toBe(null)
  })
})
