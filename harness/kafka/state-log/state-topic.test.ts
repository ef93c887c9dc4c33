import { describe, expect, it } from 'vitest'
import type { Call } from '../probe/call.ts'
import type { ProbeWorld } from '../probe/world.ts'
import { batchesIn } from '../testing/harness.ts'
import { LOAD_MS, REPLICATED_MS, replicated } from '../testing/worlds.ts'
import { STATE_TOPIC } from '../txn/state-entries.ts'
import { ByteReader } from '../wire/bytes.ts'
import { decodeRecords } from '../wire/index.ts'

const TIMEOUT_MS = 30_000
const ID = 'ledger'

function coordinator(world: ProbeWorld): number {
  return world.cluster.admin.transactionCoordinator(ID) ?? -1
}

function others(world: ProbeWorld): number[] {
  return [0, 1, 2].filter((id) => id !== coordinator(world))
}

function init(world: ProbeWorld): Call<'InitProducerId'> {
  return world
    .connect('p', coordinator(world))
    .call('InitProducerId', 1, { transactionalId: ID, transactionTimeoutMs: 60_000 })
}

function begin(world: ProbeWorld, producerEpoch = 0): Call<'AddPartitionsToTxn'> {
  return world.connect('p', coordinator(world)).call('AddPartitionsToTxn', 1, {
    v3AndBelowTransactionalId: ID,
    v3AndBelowProducerId: 1_000n,
    v3AndBelowProducerEpoch: producerEpoch,
    v3AndBelowTopics: [{ name: 't', partitions: [0] }],
  })
}

function end(world: ProbeWorld, committed = true): Call<'EndTxn'> {
  return world
    .connect('p', coordinator(world))
    .call('EndTxn', 1, { transactionalId: ID, producerId: 1_000n, producerEpoch: 0, committed })
}

/** All followers of all partitions. */
function isolate(world: ProbeWorld, isolated: boolean): void {
  for (const id of others(world)) world.cluster.admin.isolateBroker(id, isolated)
}

function begun(world: ProbeWorld): void {
  init(world)
  world.clock.advance(REPLICATED_MS)
  begin(world)
  world.clock.advance(REPLICATED_MS)
}

describe('__transaction_state is a replicated log', () => {
  it('each step is answered when its record is replicated', () => {
    const world = replicated()
    for (const step of [() => init(world), () => begin(world), () => end(world)]) {
      const call = step()
      expect(call.pending).toBe(true)
      world.clock.advance(REPLICATED_MS)
      expect([call.pending, ...new Set(call.errors)]).toEqual([false, 'NONE'])
    }
    world.clock.advance(1_000)
    expect(world.cluster.admin.transaction(ID)?.state).toBe('CompleteCommit')
  })

  it('one that is not replicated in time is COORDINATOR_NOT_AVAILABLE, and counts for the next coordinator only', () => {
    const world = replicated()
    begun(world)
    isolate(world, true)
    const call = end(world)
    world.clock.advance(TIMEOUT_MS)
    expect(call.error).toBe('COORDINATOR_NOT_AVAILABLE')
    isolate(world, false)
    world.clock.advance(REPLICATED_MS)
    expect(world.cluster.admin.transaction(ID)?.state).toBe('Ongoing')
    world.cluster.admin.moveTransactionCoordinator(ID)
    expect(world.cluster.admin.transaction(ID)?.state).toBe('PrepareCommit')
    world.clock.advance(LOAD_MS + 1_000)
    expect(world.cluster.admin.transaction(ID)?.state).toBe('CompleteCommit')
  })

  it('with fewer than transaction.state.log.min.isr in sync it is COORDINATOR_NOT_AVAILABLE at once', () => {
    const world = replicated()
    begun(world)
    for (const id of others(world)) world.cluster.admin.stopBroker(id)
    expect(end(world).error).toBe('COORDINATOR_NOT_AVAILABLE')
    expect(world.cluster.admin.transaction(ID)?.state).toBe('Ongoing')
  })

  it('a decision that only a dead coordinator had was never made', () => {
    const world = replicated()
    begun(world)
    isolate(world, true)
    const call = end(world)
    world.cluster.admin.stopBroker(coordinator(world))
    for (const id of [0, 1, 2]) world.cluster.admin.isolateBroker(id, false)
    world.clock.advance(LOAD_MS)
    expect(call.pending).toBe(true)
    expect(world.cluster.admin.transaction(ID)?.state).toBe('Ongoing')
    const again = end(world, false)
    world.clock.advance(1_000)
    expect([again.error, world.cluster.admin.transaction(ID)?.state]).toEqual(['NONE', 'CompleteAbort'])
  })

  it('can be read: TransactionLogKey 0 and TransactionLogValue 1', () => {
    const world = replicated({
      settings: { 'default.replication.factor': 1, 'transaction.state.log.num.partitions': 1 },
    })
    init(world)
    begin(world)
    const call = world.connect('r', coordinator(world)).call('Fetch', 11, {
      maxWaitMs: 0,
      minBytes: 1,
      maxBytes: 1_000_000,
      topics: [
        { topic: STATE_TOPIC, partitions: [{ partition: 0, fetchOffset: 0n, partitionMaxBytes: 1_000_000 }] },
      ],
    })
    const records = batchesIn(call).flatMap(decodeRecords)
    expect(records).toHaveLength(2)
    const keys = new ByteReader(records[1]?.key ?? Buffer.alloc(0))
    expect([keys.int16(), keys.text(keys.int16())]).toEqual([0, ID])
    const bytes = records[1]?.value ?? Buffer.alloc(0)
    const values = new ByteReader(bytes)
    expect([values.int16(), values.int64(), values.int16(), values.int32(), values.int8()]).toEqual([
      1,
      1_000n,
      0,
      60_000,
      1,
    ])
    // One topic with one partition.
    expect([values.uvarint(), values.text(values.uvarint() - 1), values.uvarint(), values.int32()]).toEqual([
      2,
      't',
      2,
      0,
    ])
    values.skipTags()
    values.int64()
    values.int64()
    values.skipTags()
    values.expectAt(bytes.length)
  })
})
