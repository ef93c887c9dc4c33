import { expect, it } from 'vitest'
import { fuzz } from './fuzz.ts'

it('a broker answers or closes, whatever it is sent', () => {
  const report = fuzz({ frames: 5_000, seed: 'test' })
  expect(report.failures).toEqual([])
  expect(report.frames).toBe(5_000)
  // Both ways out are taken often: frames are neither all broken nor all harmless.
  expect(report.answered).toBeGreaterThan(250)
  expect(report.closed).toBeGreaterThan(250)
})
