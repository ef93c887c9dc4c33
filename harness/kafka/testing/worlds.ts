import { createWorld, type ProbeWorld } from '../probe/world.ts'
import { batchOf, GROUP, produceBody, TestMember } from './harness.ts'

type TestSettings = Readonly<Record<string, string | number | boolean>>

/** A follower has fetched what its leader has, and has said so. */
export const REPLICATED_MS = 30
/** A coordinator has loaded its partition (`onceover.coordinator.load.ms`). */
export const LOAD_MS = 200

/** Rebalances begin at once. */
const FAST = { 'group.initial.rebalance.delay.ms': 0 }

interface Situation {
  readonly brokers?: number
  /** Of the topic `t`. */
  readonly partitions?: number
  readonly settings?: TestSettings
}

/**
 * The topic `t`, and what coordinators write, has one copy, which goes with its leader from broker
 * to broker.
 */
export function oneCopy({ brokers = 1, partitions = 3, settings = {} }: Situation = {}): ProbeWorld {
  const world = createWorld({ brokers, settings: { ...FAST, ...settings } })
  world.cluster.admin.createTopic('t', { partitions })
  return world
}

/**
 * The topic `t`, and what coordinators write, is on three of the brokers, or on `factor` of them.
 */
export function replicated({
  brokers = 3,
  factor = 3,
  partitions = 1,
  settings = {},
}: Situation & { readonly factor?: number } = {}): ProbeWorld {
  return oneCopy({ brokers, partitions, settings: { 'default.replication.factor': factor, ...settings } })
}

/** The broker that coordinates the group. @throws Error where there is none */
export function groupCoordinator({ cluster }: ProbeWorld, group = GROUP): number {
  const id = cluster.admin.coordinator(group)
  if (id === null) throw new Error(`the group ${group} has no coordinator`)
  return id
}

/**
 * Broker 0 led t/0, which has one record on all three brokers, and does not know that broker 1
 * leads it now.
 */
export function deposedLeader(settings: TestSettings = {}): ProbeWorld {
  const world = replicated({ settings })
  world.connect('p', 0).call('Produce', 7, produceBody(batchOf({ values: ['a'] })))
  world.clock.advance(1_000)
  world.cluster.admin.holdMetadata(0, true)
  world.cluster.admin.moveLeader('t', 0, 1)
  world.clock.advance(1_000)
  return world
}

/** A group of one member, whose coordinator does not know that another broker coordinates it. */
export function deposedCoordinator(settings: TestSettings = {}): {
  readonly world: ProbeWorld
  readonly member: TestMember
  readonly old: number
  readonly next: number
} {
  const world = replicated({ partitions: 2, settings })
  const old = groupCoordinator(world)
  const member = new TestMember(world, 'a', { broker: old })
  const joined = member.join()
  world.clock.advance(1)
  member.joined(joined)
  member.sync([{ member, topics: [{ topic: 't', partitions: [0] }] }])
  world.clock.advance(REPLICATED_MS)
  world.cluster.admin.holdMetadata(old, true)
  world.cluster.admin.moveCoordinator(GROUP)
  world.clock.advance(LOAD_MS)
  return { world, member, old, next: groupCoordinator(world) }
}
