import { expect, it } from 'vitest'
import { WallClock } from '../sim/wall-clock.ts'
import { clockDrift } from './clock-drift.ts'
import { clockJump } from './clock-jump.ts'
import type { FaultStart } from './outcome.ts'
import type { FaultWorld } from './world.interface.ts'

const common = { target: 'consumer-0', at: { atMs: 0 }, durationMs: 10_000 } as const

it.each<[string, (world: FaultWorld) => FaultStart, number]>([
  [
    'gained',
    (world) => clockDrift.begin({ ...common, kind: 'clock-drift', gainedMsPerSecond: 500 }, world),
    15_000,
  ],
  ['jumped', (world) => clockJump.begin({ ...common, kind: 'clock-jump', byMs: -3_000 }, world), 7_000],
])('a clock that %s is set right in the end, and keeps to virtual time', (_, begin, shownMs) => {
  let nowMs = 0
  const clock = new WallClock({ nowUs: () => nowMs * 1_000, epochMs: 0, onSet: () => {} })
  const started = begin({ process: () => ({ clock }) } as unknown as FaultWorld)
  nowMs = 10_000
  expect(clock.unixMs).toBe(shownMs)
  if ('heal' in started) started.heal?.()
  nowMs = 20_000
  expect(clock.unixMs).toBe(20_000)
})
