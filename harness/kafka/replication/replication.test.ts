import { describe, expect, it } from 'vitest'
import type { Call } from '../probe/call.ts'
import type { ProbeWorld } from '../probe/world.ts'
import { batchOf, errorCode, fetchBody, fetched, produceBody } from '../testing/harness.ts'
import { REPLICATED_MS, replicated } from '../testing/worlds.ts'
import type { RequestDraft } from '../wire/index.ts'

const T0 = { topic: 't', partition: 0 }

function write(
  world: ProbeWorld,
  value: string,
  {
    broker = 0,
    producerId = -1n,
    baseSequence = -1,
    ...overrides
  }: RequestDraft<'Produce'> & { broker?: number; producerId?: bigint; baseSequence?: number } = {},
): Call<'Produce'> {
  const idempotent = producerId < 0n ? {} : { producerId, producerEpoch: 0, baseSequence }
  const records = batchOf({ values: [value], ...idempotent })
  return world.connect('p', broker).call('Produce', 7, produceBody(records, overrides))
}

function read(world: ProbeWorld, offset: bigint, broker: number): ReturnType<typeof fetched> {
  return fetched(world.connect('c', broker).call('Fetch', 11, fetchBody(offset, { maxWaitMs: 0 })))
}

function isolate(world: ProbeWorld, ...brokers: number[]): void {
  for (const broker of brokers) world.cluster.admin.isolateReplica({ ...T0, broker }, true)
}

function release(world: ProbeWorld, ...brokers: number[]): void {
  for (const broker of brokers) world.cluster.admin.isolateReplica({ ...T0, broker }, false)
}

function ends(world: ProbeWorld): (bigint | null)[] {
  return [0, 1, 2].map((broker) => world.cluster.admin.replicaEnd({ ...T0, broker }))
}

describe('L: replication', () => {
  it('L1: acks all waits for the in-sync replicas, acks 1 for the leader, and consumers see what is replicated', () => {
    const world = replicated()
    const all = write(world, 'a')
    const one = write(world, 'b', { acks: 1 })
    expect([all.pending, one.pending]).toEqual([true, false])
    expect(read(world, 0n, 0)).toMatchObject({ error: 'NONE', bases: [], highWatermark: 0n })
    expect(world.cluster.admin.logEnd('t', 0)).toBe(2n)
    world.clock.advance(REPLICATED_MS)
    expect(all.errors).toEqual(['NONE'])
    expect(read(world, 0n, 0)).toMatchObject({ bases: [0n, 1n], highWatermark: 2n })
    expect(ends(world)).toEqual([2n, 2n, 2n])
  })

  it('L1: a replica that has fetched nothing for too long is out of sync with the next record', () => {
    const world = replicated()
    write(world, 'a')
    world.clock.advance(REPLICATED_MS)
    isolate(world, 2)
    world.clock.advance(31_000)
    expect(world.cluster.admin.inSync('t', 0)).toEqual([0, 1, 2])
    write(world, 'b')
    world.clock.advance(REPLICATED_MS)
    expect(world.cluster.admin.inSync('t', 0)).toEqual([0, 1])
  })

  it('L3: what an election loses is told, and what comes back with the next one, too', () => {
    const world = replicated()
    write(world, 'a')
    world.clock.advance(REPLICATED_MS)
    isolate(world, 1)
    write(world, 'b', { acks: 1 })
    world.clock.advance(REPLICATED_MS)
    world.cluster.admin.electUnclean('t', 0)
    world.cluster.admin.electUnclean('t', 0, 0)
    const told = world.observations.flatMap((each) => {
      if (each.kind === 'truncated') return [`cut at ${each.offset}`]
      return each.kind === 'append' ? [`${each.value}@${each.offset}${each.again ? ' again' : ''}`] : []
    })
    expect(told).toEqual(['a@0', 'b@1', 'cut at 1', 'cut at 1', 'b@1 again'])
  })

  it('L3: of what an election loses it is told from where on not all in-sync replicas had it', () => {
    const cuts = (world: ProbeWorld): unknown[] =>
      world.observations.flatMap((each) =>
        each.kind === 'truncated' ? [[each.offset, each.uncommittedFrom ?? null]] : [],
      )
    const world = replicated()
    isolate(world, 2)
    write(world, 'a')
    world.clock.advance(35_000)
    expect(world.cluster.admin.highWatermark('t', 0)).toBe(1n)
    isolate(world, 1)
    write(world, 'b', { acks: 1 })
    world.cluster.admin.electUnclean('t', 0, 2)
    expect(cuts(world)).toEqual([[0n, 1n]])

    const committed = replicated()
    isolate(committed, 1, 2)
    write(committed, 'a')
    committed.clock.advance(35_000)
    committed.cluster.admin.electUnclean('t', 0)
    expect(cuts(committed)).toEqual([[0n, null]])
  })

  describe('L3: eligible leader replicas (KIP-966)', () => {
    const ELR = 'onceover.eligible.leader.replicas.version'
    const shown = (world: ProbeWorld, broker: number): unknown => {
      const body = { topics: [{ name: 't' }], responsePartitionLimit: 1, cursor: null }
      const { answer } = world.connect('c', broker).call('DescribeTopicPartitions', 0, body)
      const { leaderId, isrNodes, eligibleLeaderReplicas, lastKnownElr } =
        answer.topics[0]?.partitions[0] ?? {}
      return [leaderId, isrNodes, eligibleLeaderReplicas, lastKnownElr]
    }

    it('who drops out below min.insync.replicas leads once nobody is in sync, with all that is committed', () => {
      for (const version of [1, 0]) {
        const world = replicated({ settings: { 'min.insync.replicas': 2, [ELR]: version } })
        write(world, 'a')
        world.clock.advance(1_000)
        isolate(world, 1, 2)
        write(world, 'b', { acks: 1 })
        world.clock.advance(35_000)
        expect(shown(world, 0)).toEqual([0, [0], version === 1 ? [1, 2] : [], []])
        world.cluster.admin.stopBroker(0)
        expect(shown(world, 1)).toEqual(version === 1 ? [1, [1], [0, 2], []] : [-1, [0], [], []])
        if (version === 0) continue
        release(world, 1, 2)
        expect(write(world, 'c', { broker: 1 }).errors).toEqual(['NOT_ENOUGH_REPLICAS'])
        write(world, 'd', { broker: 1, acks: 1 })
        world.clock.advance(1_000)
        expect(shown(world, 1)).toEqual([1, [1, 2], [], []])
        expect(read(world, 0n, 1)).toMatchObject({ bases: [0n, 1n], highWatermark: 2n })
      }
    })

    it('a broker that comes back may have lost something, unless nobody else is left and it led last', () => {
      const world = replicated({ settings: { 'min.insync.replicas': 2 } })
      write(world, 'a')
      world.clock.advance(1_000)
      for (const broker of [1, 2, 0]) world.cluster.admin.crashBroker(broker)
      world.cluster.admin.startBroker(1)
      expect(shown(world, 1)).toEqual([-1, [], [0, 2], [0]])
      world.cluster.admin.startBroker(2)
      expect(shown(world, 1)).toEqual([-1, [], [0], [0]])
      world.cluster.admin.startBroker(0)
      world.clock.advance(1_000)
      expect(shown(world, 1)).toEqual([0, [0, 1, 2], [], []])
    })
  })

  it('gives a partition back to its preferred leader, every five minutes, unless that is switched off', () => {
    for (const rebalances of [true, false]) {
      const world = replicated({ settings: { 'auto.leader.rebalance.enable': rebalances } })
      const { admin } = world.cluster
      world.clock.advance(10_000)
      admin.stopBroker(0)
      world.clock.advance(299_999 - 10_000)
      expect(admin.leader('t', 0)).toBe(1)
      world.clock.advance(100_000)
      admin.startBroker(0)
      world.clock.advance(199_999)
      expect(admin.leader('t', 0)).toBe(1)
      world.clock.advance(2)
      expect(admin.leader('t', 0)).toBe(rebalances ? 0 : 1)
      const { fired } = world.clock
      world.clock.advance(1_000_000)
      expect(world.clock.fired - fired).toBeLessThan(10)
    }
  })

  it('costs no timers once all replicas have everything', () => {
    const world = replicated()
    write(world, 'a')
    world.clock.advance(100_000)
    const { fired } = world.clock
    world.clock.advance(100_000)
    expect(world.clock.fired).toBe(fired)
  })

  it('L1: a write that is not replicated in time is answered REQUEST_TIMED_OUT, and stays', () => {
    const world = replicated()
    isolate(world, 2)
    const call = write(world, 'a', { timeoutMs: 500 })
    world.clock.advance(500)
    expect(call.errors).toEqual(['REQUEST_TIMED_OUT'])
    release(world, 2)
    world.clock.advance(REPLICATED_MS)
    expect(read(world, 0n, 0).bases).toEqual([0n])
  })

  it('L1: a replica that lags leaves the in-sync replicas and comes back', () => {
    const world = replicated()
    isolate(world, 2)
    const call = write(world, 'a', { timeoutMs: 60_000 })
    world.clock.advance(29_000)
    expect(world.cluster.admin.inSync('t', 0)).toEqual([0, 1, 2])
    expect(call.pending).toBe(true)
    world.clock.advance(2_000)
    expect(world.cluster.admin.inSync('t', 0)).toEqual([0, 1])
    expect(call.errors).toEqual(['NONE'])
    release(world, 2)
    world.clock.advance(REPLICATED_MS)
    expect(world.cluster.admin.inSync('t', 0)).toEqual([0, 1, 2])
  })

  it('L1: with fewer in-sync replicas than min.insync.replicas acks all is refused and nothing is appended', () => {
    const world = replicated({ settings: { 'min.insync.replicas': 2 } })
    world.cluster.admin.stopBroker(1)
    world.cluster.admin.stopBroker(2)
    expect(write(world, 'a').errors).toEqual(['NOT_ENOUGH_REPLICAS'])
    expect(world.cluster.admin.logEnd('t', 0)).toBe(0n)
    expect(write(world, 'b', { acks: 1 }).errors).toEqual(['NONE'])
    world.clock.advance(REPLICATED_MS)
    expect(world.cluster.admin.highWatermark('t', 0)).toBe(0n)
    world.cluster.admin.startBroker(1)
    world.clock.advance(REPLICATED_MS)
    expect(world.cluster.admin.highWatermark('t', 0)).toBe(1n)
  })

  it('L1, L2: what only the old leader had, acknowledged with acks 1, is gone', () => {
    const world = replicated()
    write(world, 'a')
    world.clock.advance(1_000)
    isolate(world, 1, 2)
    expect(write(world, 'b', { acks: 1 }).errors).toEqual(['NONE'])
    const waits = write(world, 'c')
    world.cluster.admin.moveLeader('t', 0, 1)
    expect(waits.errors).toEqual(['NOT_LEADER_OR_FOLLOWER'])
    release(world, 1, 2)
    write(world, 'd', { broker: 1 })
    world.clock.advance(1_000)
    expect(ends(world)).toEqual([2n, 2n, 2n])
    expect(read(world, 0n, 1).bases).toEqual([0n, 1n])
    expect(read(world, 0n, 0).bases).toEqual([0n, 1n])
  })

  it('L3: without a replica in sync nobody leads, unless unclean elections are allowed: then records vanish', () => {
    for (const unclean of [false, true]) {
      const world = replicated({ settings: { 'unclean.leader.election.enable': unclean } })
      isolate(world, 1, 2)
      const call = write(world, 'a', { timeoutMs: 60_000 })
      world.clock.advance(31_000)
      expect(call.errors).toEqual(['NONE'])
      expect(world.cluster.admin.inSync('t', 0)).toEqual([0])
      release(world, 1, 2)
      world.cluster.admin.stopBroker(0)
      expect(world.cluster.admin.leader('t', 0)).toBe(unclean ? 1 : null)
      if (unclean) expect(read(world, 1n, 1).error).toBe('OFFSET_OUT_OF_RANGE')
      world.cluster.admin.startBroker(0)
      world.clock.advance(1_000)
      expect(ends(world)).toEqual(unclean ? [0n, 0n, 0n] : [1n, 1n, 1n])
    }
  })

  it('L4: OffsetForLeaderEpoch says where an epoch ended, and past and future epochs are told apart', () => {
    const world = replicated()
    write(world, 'a')
    world.clock.advance(1_000)
    world.cluster.admin.moveLeader('t', 0, 1)
    world.clock.advance(1_000)
    const ask = (currentLeaderEpoch: number): unknown => {
      const partitions = [{ partition: 0, currentLeaderEpoch, leaderEpoch: 0 }]
      const { answer } = world
        .connect('c', 1)
        .call('OffsetForLeaderEpoch', 3, { topics: [{ topic: 't', partitions }] })
      return answer.topics[0]?.partitions[0]
    }
    expect(ask(1)).toMatchObject({ errorCode: 0, leaderEpoch: 0, endOffset: 1n })
    expect(ask(0)).toMatchObject({ errorCode: errorCode('FENCED_LEADER_EPOCH') })
    expect(ask(2)).toMatchObject({ errorCode: errorCode('UNKNOWN_LEADER_EPOCH') })
  })

  it('L4: Fetch 12 says where the last epoch of a reader ends that has more than the new leader', () => {
    const world = replicated()
    write(world, 'a')
    world.clock.advance(1_000)
    isolate(world, 1, 2)
    write(world, 'b', { acks: 1 })
    world.cluster.admin.moveLeader('t', 0, 1)
    const ask = (lastFetchedEpoch: number): unknown => {
      const body = fetchBody(2n, {}, { currentLeaderEpoch: 1, lastFetchedEpoch })
      const { answer } = world.connect('c', 1).call('Fetch', 12, body)
      return answer.responses[0]?.partitions[0]
    }
    expect(ask(0)).toMatchObject({ errorCode: 0, divergingEpoch: { epoch: 0, endOffset: 1n } })
    expect(ask(-1)).toMatchObject({ errorCode: errorCode('OFFSET_OUT_OF_RANGE') })
  })

  it('L6: a new leader that does not know the high watermark yet answers OFFSET_NOT_AVAILABLE', () => {
    const world = replicated()
    write(world, 'a')
    world.clock.advance(REPLICATED_MS)
    const latest = (broker: number): Call<'ListOffsets'> => {
      const partitions = [{ partitionIndex: 0, currentLeaderEpoch: -1, timestamp: -1n }]
      const topics = [{ name: 't', partitions }]
      return world.connect('c', broker).call('ListOffsets', 5, { replicaId: -1, isolationLevel: 0, topics })
    }
    expect(latest(0).errors).toEqual(['NONE'])
    world.cluster.admin.moveLeader('t', 0, 1)
    expect(latest(1).errors).toEqual(['OFFSET_NOT_AVAILABLE'])
    world.clock.advance(REPLICATED_MS)
    expect(latest(1).errors).toEqual(['NONE'])
  })

  it('I6: a new leader knows the sequences that were replicated, and forgets those that were cut off', () => {
    const world = replicated()
    const batch = { producerId: 7n, acks: 1 }
    write(world, 'a', { ...batch, baseSequence: 0 })
    world.clock.advance(1_000)
    isolate(world, 1, 2)
    write(world, 'b', { ...batch, baseSequence: 1 })
    world.cluster.admin.moveLeader('t', 0, 1)
    release(world, 1, 2)
    expect(write(world, 'a', { ...batch, broker: 1, baseSequence: 0 }).errors).toEqual(['NONE'])
    expect(world.cluster.admin.logEnd('t', 0)).toBe(1n)
    expect(write(world, 'c', { ...batch, broker: 1, baseSequence: 2 }).errors).toEqual([
      'OUT_OF_ORDER_SEQUENCE_NUMBER',
    ])
    expect(write(world, 'b', { ...batch, broker: 1, baseSequence: 1 }).errors).toEqual(['NONE'])
    world.clock.advance(1_000)
    world.cluster.admin.moveLeader('t', 0, 0)
    expect(write(world, 'b', { ...batch, baseSequence: 1 }).errors).toEqual(['NONE'])
    expect(world.cluster.admin.logEnd('t', 0)).toBe(2n)
  })

  it('a crash of all replicas loses what was not on the disks, a stop loses nothing', () => {
    for (const crashes of [false, true]) {
      const world = replicated()
      const { admin } = world.cluster
      write(world, 'old')
      world.clock.advance(40_000)
      write(world, 'young')
      world.clock.advance(1_000)
      for (const broker of [0, 1, 2]) crashes ? admin.crashBroker(broker) : admin.stopBroker(broker)
      for (const broker of [0, 1, 2]) admin.startBroker(broker)
      world.clock.advance(1_000)
      expect(admin.logEnd('t', 0)).toBe(crashes ? 1n : 2n)
    }
  })

  it('Metadata shows replicas, those in sync and those that are down', () => {
    const world = replicated()
    world.cluster.admin.stopBroker(0)
    const { answer } = world.connect('c', 1).call('Metadata', 7, { topics: [{ name: 't' }] })
    expect(answer.topics[0]?.partitions[0]).toMatchObject({
      leaderId: 1,
      leaderEpoch: 1,
      replicaNodes: [0, 1, 2],
      isrNodes: [1, 2],
      offlineReplicas: [0],
    })
  })

  it('I1: a broker that was shut down remembers the last batch of each producer, one that crashed five', () => {
    for (const crashes of [false, true]) {
      const world = replicated()
      for (const baseSequence of [0, 1]) write(world, 'v', { producerId: 7n, baseSequence })
      world.clock.advance(60_000)
      if (crashes) world.cluster.admin.crashBroker(0)
      else world.cluster.admin.stopBroker(0)
      const late = (broker: number, baseSequence: number): string[] => {
        const call = write(world, 'v', { producerId: 7n, baseSequence, broker })
        world.clock.advance(REPLICATED_MS)
        return call.errors
      }
      expect(late(world.cluster.admin.leader('t', 0) ?? -1, 0)).toEqual(['NONE'])
      world.cluster.admin.startBroker(0)
      world.clock.advance(1_000)
      world.cluster.admin.moveLeader('t', 0, 0)
      expect(late(0, 0)).toEqual([crashes ? 'NONE' : 'OUT_OF_ORDER_SEQUENCE_NUMBER'])
      expect(late(0, 1)).toEqual(['NONE'])
    }
  })
})
