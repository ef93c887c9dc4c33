import { describe, expect, it } from 'vitest'
import { clientAdapters } from '../../clients/index.ts'
import { kafkajsAdapter } from '../../clients/kafkajs/adapter.ts'
import type { ClientTimings } from '../client-timings.ts'
import { definitionOf, FAULT_KINDS, type FaultKind } from '../fault.ts'
import { durationsOf } from './durations.ts'
import { PLAIN_WIRE } from './place.ts'

/** The values that a search tries for this field of this kind, at an event that does not matter. */
function tried(kind: FaultKind, field: string, timings: ClientTimings): readonly unknown[] {
  const around = {
    consumers: 2,
    brokers: 3,
    consumed: [],
    groups: [],
    acls: [],
    serviceErrors: {},
    poison: false,
    wire: PLAIN_WIRE,
    durations: durationsOf(timings),
  }
  const place = { name: 'consumer-0 start', event: { kind: 'fault' } } as const
  return definitionOf(kind).fields[field]?.tries(place, around) ?? []
}

describe('how long faults last', () => {
  it('stays as it is for kafkajs: recorded seeds and the README draw from these lists, in this order', () => {
    const { timings } = kafkajsAdapter
    expect(tried('crash', 'restartMs', timings)).toEqual([1_000, 100, 40_000])
    expect(tried('graceful-restart', 'restartMs', timings)).toEqual([1_000, 100])
    expect(tried('link-latency', 'extraMs', timings)).toEqual([500, 5_000])
    expect(tried('throttle', 'throttleMs', timings)).toEqual([10_000, 1_000, 40_000])
    const durationMs = (kind: FaultKind) => tried(kind, 'durationMs', timings)
    expect(durationMs('pause')).toEqual([45_000, 5_000, 100_000])
    expect(durationMs('slow-handler')).toEqual([40_000, 4_000, 70_000])
    expect(durationMs('request-delayed')).toEqual([5_000, 500, 35_000])
    expect(durationMs('link-cut')).toEqual([35_000, 2_000, 70_000])
    expect(durationMs('link-refuse')).toEqual([10_000])
    expect(durationMs('broker-down')).toEqual([10_000, 45_000])
    expect(durationMs('replica-lag')).toEqual([45_000, 5_000])
    expect(durationMs('controller-cut')).toEqual([45_000, 20_000, 5_000])
  })

  it.each(clientAdapters)('lies on both sides of each threshold of $name', ({ timings }) => {
    const { sessionTimeoutMs, rebalanceTimeoutMs, heartbeatIntervalMs, requestTimeoutMs, retriesMs } = timings
    for (const [kind, field, thresholdMs] of [
      ['crash', 'restartMs', sessionTimeoutMs],
      ['pause', 'durationMs', sessionTimeoutMs],
      ['pause', 'durationMs', rebalanceTimeoutMs],
      ['slow-handler', 'durationMs', sessionTimeoutMs],
      ['slow-handler', 'durationMs', rebalanceTimeoutMs],
      ['request-delayed', 'durationMs', heartbeatIntervalMs],
      ['request-delayed', 'durationMs', requestTimeoutMs],
      ['answer-delayed', 'durationMs', sessionTimeoutMs],
      ['link-cut', 'durationMs', heartbeatIntervalMs],
      ['link-cut', 'durationMs', requestTimeoutMs],
      ['link-cut', 'durationMs', sessionTimeoutMs],
      ['link-cut', 'durationMs', rebalanceTimeoutMs],
      ['broker-down', 'durationMs', sessionTimeoutMs],
    ] as const) {
      // A broker is down for longer than a client goes on trying.
      if (kind === 'broker-down' && thresholdMs <= retriesMs) continue
      const valuesMs = tried(kind, field, timings).map(Number)
      expect(Math.min(...valuesMs), `${kind} ${field}`).toBeLessThan(thresholdMs)
      expect(Math.max(...valuesMs), `${kind} ${field}`).toBeGreaterThan(thresholdMs)
    }
    expect(Math.min(...tried('broker-down', 'durationMs', timings).map(Number))).toBeGreaterThanOrEqual(
      retriesMs,
    )
  })

  it.each(FAULT_KINDS)('gives each duration of %s a value', (kind) => {
    for (const [field, { accepts }] of Object.entries(definitionOf(kind).fields))
      if (accepts.type === 'ms') expect(tried(kind, field, kafkajsAdapter.timings), field).not.toEqual([])
  })
})
