import { describe, expect, it } from 'vitest'
import { kafkajsAdapter } from '../clients/kafkajs/adapter.ts'
import { platformaticAdapter } from '../clients/platformatic/adapter.ts'
import { faultValues } from './fault-values.ts'

describe('how long faults last', () => {
  it('stays as it is for kafkajs: recorded seeds and the README draw from these lists, in this order', () => {
    expect(faultValues(kafkajsAdapter.timings)).toEqual({
      restartMs: [1_000, 100, 40_000],
      pauseMs: [45_000, 5_000, 100_000],
      slowMs: [40_000, 4_000, 70_000],
      delayMs: [5_000, 500, 35_000],
      cutMs: [35_000, 2_000, 70_000],
      latencyMs: [500, 5_000],
      refuseMs: 10_000,
      throttleMs: [10_000, 1_000, 40_000],
      downMs: [10_000, 45_000],
      lagMs: [45_000, 5_000],
      cutOffMs: [45_000, 20_000, 5_000],
      holdMs: [5, 50, 500, 2_000],
    })
  })

  it.each([kafkajsAdapter, platformaticAdapter])(
    'lies on both sides of each threshold of $name',
    ({ timings }) => {
      const { pauseMs, slowMs, delayMs, cutMs, downMs, holdMs, restartMs } = faultValues(timings)
      const { sessionTimeoutMs, rebalanceTimeoutMs, heartbeatIntervalMs, requestTimeoutMs, retriesMs } =
        timings
      for (const [valuesMs, thresholdMs] of [
        [restartMs, sessionTimeoutMs],
        [pauseMs, sessionTimeoutMs],
        [pauseMs, rebalanceTimeoutMs],
        [slowMs, sessionTimeoutMs],
        [slowMs, rebalanceTimeoutMs],
        [delayMs, heartbeatIntervalMs],
        [delayMs, requestTimeoutMs],
        [delayMs, sessionTimeoutMs],
        [cutMs, heartbeatIntervalMs],
        [cutMs, requestTimeoutMs],
        [cutMs, sessionTimeoutMs],
        [cutMs, rebalanceTimeoutMs],
        [downMs, sessionTimeoutMs],
      ] as const) {
        expect(Math.min(...valuesMs)).toBeLessThan(thresholdMs)
        expect(Math.max(...valuesMs)).toBeGreaterThan(thresholdMs)
      }
      expect(Math.min(...downMs)).toBeGreaterThan(retriesMs)
      expect(Math.max(...holdMs)).toBeLessThan(heartbeatIntervalMs)
    },
  )
})
