import { expect, it } from 'vitest'
import { longest } from './try.ts'

it('waits for the fault that lasts longest, however late it begins', () => {
  const at = { event: 'consumer-0 OffsetCommit#1 applied' }
  expect(longest({ faults: [] })).toBe(0)
  expect(
    longest({
      faults: [
        { kind: 'pause', target: 'consumer-0', at, durationMs: 45_000 },
        { kind: 'topic-late', target: 'orders', at: { atMs: 0 }, durationMs: 330_000 },
        { kind: 'crash', target: 'consumer-0', at, restartMs: 1_000 },
      ],
    }),
  ).toBe(330_000)
})
