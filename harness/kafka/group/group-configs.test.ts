import { describe, expect, it } from 'vitest'
import type { Line } from '../probe/line.ts'
import { createWorld } from '../probe/world.ts'
import { GROUP } from '../testing/harness.ts'
import { TestConsumer } from '../testing/test-consumer.ts'

const GROUP_RESOURCE = 32

/** The error and what is said of it. */
function configure(admin: Line, configs: Readonly<Record<string, string | null>>): unknown[] {
  const { answer } = admin.call('IncrementalAlterConfigs', 1, {
    resources: [
      {
        resourceType: GROUP_RESOURCE,
        resourceName: GROUP,
        configs: Object.entries(configs).map(([name, value]) => ({
          name,
          configOperation: value === null ? 1 : 0,
          value,
        })),
      },
    ],
    validateOnly: false,
  })
  const [response] = answer.responses
  return [response?.errorCode, response?.errorMessage]
}

describe('configurations of groups (KIP-848)', () => {
  it('tell members how often to send heartbeats, and how long they may be silent', () => {
    const world = createWorld()
    world.cluster.admin.createTopic('t', { partitions: 1 })
    const admin = world.connect('admin')
    const own = { 'consumer.heartbeat.interval.ms': '7000', 'consumer.session.timeout.ms': '50000' }
    expect(configure(admin, own)).toEqual([0, null])
    const consumer = new TestConsumer(world, 'a')
    expect(consumer.join().answer.heartbeatIntervalMs).toBe(7_000)
    world.clock.advance(49_000)
    expect(consumer.beat().error).toBe('NONE')
    world.clock.advance(51_000)
    expect(consumer.beat().error).toBe('UNKNOWN_MEMBER_ID')
  })

  it('go, and then those of the brokers hold', () => {
    const world = createWorld()
    world.cluster.admin.createTopic('t', { partitions: 1 })
    const admin = world.connect('admin')
    configure(admin, { 'consumer.heartbeat.interval.ms': '7000' })
    configure(admin, { 'consumer.heartbeat.interval.ms': null })
    expect(new TestConsumer(world, 'a').join().answer.heartbeatIntervalMs).toBe(5_000)
  })

  it.each([
    [
      'consumer.session.timeout.ms',
      '44999',
      'must be greater than or equal to group.consumer.min.session.timeout.ms',
    ],
    [
      'consumer.session.timeout.ms',
      '60001',
      'must be less than or equal to group.consumer.max.session.timeout.ms',
    ],
    [
      'consumer.heartbeat.interval.ms',
      '15001',
      'must be less than or equal to group.consumer.max.heartbeat.interval.ms',
    ],
  ])('%s cannot be %s', (name, value, why) => {
    expect(configure(createWorld().connect('admin'), { [name]: value })).toEqual([40, `${name} ${why}`])
  })
})
