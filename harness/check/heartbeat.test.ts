import { expect, it } from 'vitest'
import { Pulse, sharedBeats } from './heartbeat.ts'

const at = (ms: number): { wallMs: number; cpuMs: number } => ({ wallMs: ms, cpuMs: ms })

it('a thread is silent from its last beat on', () => {
  const beats = sharedBeats()
  const pulse = new Pulse(beats, 1_000, at(0))
  expect(pulse.silentAt(at(500))).toEqual(at(500))
  expect(pulse.silentAt(at(1_400))).toEqual(at(1_400))
  Atomics.add(beats, 0, 1)
  expect(pulse.silentAt(at(1_900))).toEqual(at(0))
  expect(pulse.silentAt(at(2_400))).toEqual(at(500))
})

it('a thread of a suspended process has not been silent all that time: nobody listened', () => {
  const pulse = new Pulse(sharedBeats(), 1_000, at(0))
  pulse.silentAt(at(500))
  expect(pulse.silentAt(at(8 * 3_600_000))).toEqual(at(1_500))
})
