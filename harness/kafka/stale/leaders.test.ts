import { describe, expect, it } from 'vitest'
import type { Call } from '../probe/call.ts'
import { createWorld, type ProbeWorld } from '../probe/world.ts'
import { batchOf, errorCode, fetchBody, fetched, produceBody } from '../testing/harness.ts'
import { deposedLeader, REPLICATED_MS, replicated } from '../testing/worlds.ts'
import { errorName, type RequestDraft } from '../wire/index.ts'

function write(
  world: ProbeWorld,
  value: string,
  { broker = 0, ...overrides }: RequestDraft<'Produce'> & { broker?: number } = {},
): Call<'Produce'> {
  return world.connect('p', broker).call('Produce', 7, produceBody(batchOf({ values: [value] }), overrides))
}

function read(world: ProbeWorld, offset: bigint, broker: number): ReturnType<typeof fetched> {
  return fetched(world.connect('c', broker).call('Fetch', 11, fetchBody(offset, { maxWaitMs: 0 })))
}

/** As this broker tells it: the leader and its epoch, or the error. */
function leaderAt(world: ProbeWorld, broker: number): unknown {
  const { answer } = world.connect('m', broker).call('Metadata', 7, { topics: [{ name: 't' }] })
  const [topic] = answer.topics
  const partition = topic?.partitions[0]
  return partition === undefined
    ? errorName(topic?.errorCode ?? 0)
    : [partition.leaderId, partition.leaderEpoch]
}

function ends(world: ProbeWorld): (bigint | null)[] {
  return [0, 1, 2].map((broker) => world.cluster.admin.replicaEnd({ topic: 't', partition: 0, broker }))
}

function told(world: ProbeWorld): string[] {
  return world.observations.flatMap((each) => {
    if (each.kind === 'truncated') return [`cut at ${each.offset}`]
    return each.kind === 'append' || each.kind === 'astray'
      ? [`${each.kind} ${each.value}@${each.offset}`]
      : []
  })
}

describe('L: a broker that has not heard of the new leader', () => {
  it('L5: tells its clients of the old one, until it hears', () => {
    const world = deposedLeader()
    expect([0, 1, 2].map((broker) => leaderAt(world, broker))).toEqual([
      [0, 0],
      [1, 1],
      [1, 1],
    ])
    world.cluster.admin.holdMetadata(0, false)
    expect(leaderAt(world, 0)).toEqual([1, 1])
  })

  it('L1: goes on leading; acks 1 is acknowledged and lost, acks all is not replicated and times out', () => {
    const world = deposedLeader()
    expect(write(world, 'lost', { acks: 1 }).errors).toEqual(['NONE'])
    const waits = write(world, 'late', { timeoutMs: 500 })
    expect(waits.pending).toBe(true)
    world.clock.advance(500)
    expect(waits.errors).toEqual(['REQUEST_TIMED_OUT'])
    write(world, 'b', { broker: 1 })
    world.clock.advance(REPLICATED_MS)
    expect(ends(world)).toEqual([3n, 2n, 2n])
    expect(told(world)).toEqual(['append a@0', 'astray lost@1', 'astray late@2', 'append b@1'])
    world.cluster.admin.holdMetadata(0, false)
    world.clock.advance(REPLICATED_MS)
    expect(ends(world)).toEqual([2n, 2n, 2n])
    expect(told(world)).toHaveLength(4)
  })

  it('L1: who waits there is told NOT_LEADER_OR_FOLLOWER when it hears', () => {
    const world = replicated()
    for (const broker of [1, 2])
      world.cluster.admin.isolateReplica({ topic: 't', partition: 0, broker }, true)
    const before = write(world, 'a', { timeoutMs: 60_000 })
    world.cluster.admin.holdMetadata(0, true)
    world.cluster.admin.moveLeader('t', 0, 1)
    const after = write(world, 'b', { timeoutMs: 60_000 })
    // Later versions are answered by followers, too.
    const poll = world.connect('c', 0).call('Fetch', 10, fetchBody(0n, { maxWaitMs: 60_000 }))
    world.clock.advance(1_000)
    expect([before.pending, after.pending, poll.pending]).toEqual([true, true, true])
    world.cluster.admin.holdMetadata(0, false)
    expect([before.errors, after.errors]).toEqual([['NOT_LEADER_OR_FOLLOWER'], ['NOT_LEADER_OR_FOLLOWER']])
    expect(fetched(poll).error).toBe('NOT_LEADER_OR_FOLLOWER')
  })

  it('L1: serves what is below its high watermark, which stands still', () => {
    const world = deposedLeader()
    write(world, 'lost', { acks: 1 })
    expect(read(world, 0n, 0)).toEqual({ error: 'NONE', bases: [0n], highWatermark: 1n })
    const call = write(world, 'b', { broker: 1, timeoutMs: 60_000 })
    world.clock.advance(1_000)
    // It counts as in sync until it has fetched nothing for `replica.lag.time.max.ms`.
    expect([call.pending, read(world, 0n, 1).highWatermark]).toEqual([true, 1n])
    world.clock.advance(31_000)
    expect([call.errors, world.cluster.admin.inSync('t', 0)]).toEqual([['NONE'], [1, 2]])
    expect(read(world, 0n, 0).highWatermark).toBe(1n)
    expect(read(world, 0n, 1)).toEqual({ error: 'NONE', bases: [0n, 1n], highWatermark: 2n })
  })

  it('L1: with min.insync.replicas above those that it knows in sync it answers NOT_ENOUGH_REPLICAS', () => {
    const world = replicated({ settings: { 'min.insync.replicas': 2 } })
    world.cluster.admin.stopBroker(1)
    world.cluster.admin.stopBroker(2)
    world.cluster.admin.holdMetadata(0, true)
    world.cluster.admin.startBroker(1)
    world.cluster.admin.electUnclean('t', 0, 1)
    expect(write(world, 'a').errors).toEqual(['NOT_ENOUGH_REPLICAS'])
    expect(write(world, 'a', { acks: 1 }).errors).toEqual(['NONE'])
  })

  it('L3: the only one in sync acknowledges and shows what it writes, although an unclean election lost it', () => {
    const world = replicated()
    for (const id of [1, 2]) world.cluster.admin.stopBroker(id)
    for (const id of [1, 2]) world.cluster.admin.startBroker(id)
    world.cluster.admin.isolateBroker(1, true)
    world.cluster.admin.isolateBroker(2, true)
    world.cluster.admin.holdMetadata(0, true)
    expect(world.cluster.admin.inSync('t', 0)).toEqual([0])
    world.cluster.admin.electUnclean('t', 0, 1)
    expect(write(world, 'lost').errors).toEqual(['NONE'])
    expect(read(world, 0n, 0)).toMatchObject({ error: 'NONE', bases: [0n], highWatermark: 1n })
    world.cluster.admin.holdMetadata(0, false)
    world.clock.advance(REPLICATED_MS)
    expect(ends(world)).toEqual([0n, 0n, 0n])
  })

  it('L4: epochs are judged by what each broker knows: older is FENCED_LEADER_EPOCH, newer UNKNOWN_LEADER_EPOCH', () => {
    const world = deposedLeader()
    const asked = (broker: number, currentLeaderEpoch: number): string =>
      fetched(
        world.connect('c', broker).call('Fetch', 11, fetchBody(0n, { maxWaitMs: 0 }, { currentLeaderEpoch })),
      ).error
    expect([asked(0, 0), asked(0, 1)]).toEqual(['NONE', 'UNKNOWN_LEADER_EPOCH'])
    expect([asked(1, 0), asked(1, 1)]).toEqual(['FENCED_LEADER_EPOCH', 'NONE'])
    const epochEnd = (broker: number, currentLeaderEpoch: number): unknown => {
      const partitions = [{ partition: 0, currentLeaderEpoch, leaderEpoch: 0 }]
      const { answer } = world
        .connect('c', broker)
        .call('OffsetForLeaderEpoch', 3, { topics: [{ topic: 't', partitions }] })
      return answer.topics[0]?.partitions[0]
    }
    write(world, 'lost', { acks: 1 })
    expect(epochEnd(0, 0)).toMatchObject({ errorCode: 0, endOffset: 2n })
    expect(epochEnd(0, 1)).toMatchObject({ errorCode: errorCode('UNKNOWN_LEADER_EPOCH') })
    expect(epochEnd(1, 1)).toMatchObject({ errorCode: 0, endOffset: 1n })
  })

  it('L5: a new leader that has not heard of it refuses, and nobody replicates from it until then', () => {
    const world = replicated()
    write(world, 'a')
    world.clock.advance(1_000)
    world.cluster.admin.holdMetadata(1, true)
    world.cluster.admin.moveLeader('t', 0, 1)
    world.clock.advance(1_000)
    expect([0, 1].map((broker) => write(world, 'b', { broker }).errors)).toEqual([
      ['NOT_LEADER_OR_FOLLOWER'],
      ['NOT_LEADER_OR_FOLLOWER'],
    ])
    expect([leaderAt(world, 0), leaderAt(world, 1)]).toEqual([
      [1, 1],
      [0, 0],
    ])
    world.cluster.admin.holdMetadata(1, false)
    const call = write(world, 'b', { broker: 1 })
    world.clock.advance(REPLICATED_MS)
    expect([call.errors, ends(world)]).toEqual([['NONE'], [2n, 2n, 2n]])
  })

  it('L5: a topic, and partitions, that it has not heard of are UNKNOWN_TOPIC_OR_PARTITION', () => {
    const world = replicated()
    world.cluster.admin.holdMetadata(0, true)
    world.cluster.admin.createTopic('new', { partitions: 1 })
    world.cluster.admin.addPartitions('t', 3)
    const names = (broker: number): unknown[] => {
      const { answer } = world.connect('m', broker).call('Metadata', 7, { topics: null })
      return answer.topics.map(({ name, partitions }) => [name, partitions.length])
    }
    expect(names(0)).toEqual([['t', 1]])
    expect(names(1)).toEqual([
      ['t', 4],
      ['new', 1],
    ])
    const toNew = { topicData: [{ name: 'new', partitionData: [{ index: 0, records: batchOf() }] }] }
    expect(write(world, 'a', toNew).errors).toEqual(['UNKNOWN_TOPIC_OR_PARTITION'])
    const toAdded = { topicData: [{ name: 't', partitionData: [{ index: 3, records: batchOf() }] }] }
    expect(write(world, 'a', toAdded).errors).toEqual(['UNKNOWN_TOPIC_OR_PARTITION'])
    const created = world.connect('m', 0).call('CreateTopics', 4, {
      topics: [{ name: 'new', numPartitions: 1, replicationFactor: 3, assignments: [], configs: [] }],
      timeoutMs: 1_000,
    })
    expect(created.errors).toEqual(['TOPIC_ALREADY_EXISTS'])
    world.cluster.admin.holdMetadata(0, false)
    expect(names(0)).toEqual(names(1))
    const call = write(world, 'a', toNew)
    world.clock.advance(REPLICATED_MS)
    expect(call.errors).toEqual(['NONE'])
  })

  it('L5: brokers that have gone, and their leaders, are still shown', () => {
    const world = replicated()
    world.cluster.admin.holdMetadata(2, true)
    world.cluster.admin.stopBroker(0)
    const shown = (broker: number): unknown => {
      const { answer } = world.connect('m', broker).call('Metadata', 7, { topics: [{ name: 't' }] })
      return answer.brokers.map(({ nodeId }) => nodeId)
    }
    expect([shown(1), leaderAt(world, 1)]).toEqual([
      [1, 2],
      [1, 1],
    ])
    expect([shown(2), leaderAt(world, 2)]).toEqual([
      [0, 1, 2],
      [0, 0],
    ])
  })

  it('a broker that starts has heard of everything', () => {
    const world = deposedLeader()
    write(world, 'lost', { acks: 1 })
    world.cluster.admin.stopBroker(0)
    expect(world.cluster.admin.holdMetadata(0, false)).toBe(false)
    world.cluster.admin.startBroker(0)
    world.clock.advance(REPLICATED_MS)
    expect([ends(world), leaderAt(world, 0)]).toEqual([
      [1n, 1n, 1n],
      [1, 1],
    ])
  })

  it('one that was deposed and is elected again keeps what it wrote, and everybody has it', () => {
    const world = deposedLeader()
    write(world, 'kept', { acks: 1 })
    world.cluster.admin.moveLeader('t', 0, 0)
    world.clock.advance(REPLICATED_MS)
    expect(ends(world)).toEqual([2n, 2n, 2n])
    expect(told(world)).toEqual(['append a@0', 'astray kept@1', 'cut at 1', 'append kept@1'])
  })

  it('with one copy of everything the log has gone to the new leader, and nobody else leads', () => {
    const world = createWorld({ brokers: 3 })
    world.cluster.admin.createTopic('t', { partitions: 1 })
    for (const held of [0, 1]) {
      world.cluster.admin.moveLeader('t', 0, 0)
      world.cluster.admin.holdMetadata(held, true)
      world.cluster.admin.moveLeader('t', 0, 1)
      const errors = [0, 1].map((broker) => write(world, 'a', { broker }).errors.join())
      expect(errors).toEqual(['NOT_LEADER_OR_FOLLOWER', held === 1 ? 'NOT_LEADER_OR_FOLLOWER' : 'NONE'])
      world.cluster.admin.holdMetadata(held, false)
    }
  })

  it('one that is cut from the controller is fenced after broker.session.timeout.ms, and goes on until it hears', () => {
    const world = replicated({ settings: { 'broker.session.timeout.ms': 9_000 } })
    const { admin } = world.cluster
    write(world, 'a')
    admin.cutFromController(0, true)
    world.clock.advance(8_999)
    expect([leaderAt(world, 1), admin.inSync('t', 0)]).toEqual([
      [0, 0],
      [0, 1, 2],
    ])
    world.clock.advance(1)
    expect([leaderAt(world, 0), leaderAt(world, 1), admin.inSync('t', 0)]).toEqual([
      [0, 0],
      [1, 1],
      [1, 2],
    ])
    const { answer } = world.connect('m', 1).call('Metadata', 7, { topics: [{ name: 't' }] })
    expect(answer.brokers.map(({ nodeId }) => nodeId)).toEqual([1, 2])
    expect(write(world, 'lost', { acks: 1 }).errors).toEqual(['NONE'])
    // The others do not wait for it: it is out of sync at once.
    const call = write(world, 'b', { broker: 1 })
    world.clock.advance(REPLICATED_MS)
    expect(call.errors).toEqual(['NONE'])
    admin.cutFromController(0, false)
    world.clock.advance(REPLICATED_MS)
    expect([leaderAt(world, 0), admin.inSync('t', 0), ends(world)]).toEqual([
      [1, 1],
      [0, 1, 2],
      [2n, 2n, 2n],
    ])
  })

  it("the only one in sync that is cut off is nobody's leader but its own, and leads again with all that it wrote", () => {
    const world = replicated()
    const { admin } = world.cluster
    admin.stopBroker(1)
    admin.stopBroker(2)
    admin.cutFromController(0, true)
    world.clock.advance(10_000)
    expect(admin.leader('t', 0)).toBe(null)
    expect(write(world, 'kept').errors).toEqual(['NONE'])
    admin.cutFromController(0, false)
    expect([admin.leader('t', 0), admin.logEnd('t', 0)]).toEqual([0, 1n])
    expect(told(world)).toEqual(['astray kept@0', 'cut at 0', 'append kept@0'])
  })
})
