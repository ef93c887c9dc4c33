import { expect, it } from 'vitest'
import { eventLine } from './history-text.ts'

it('an event is written as it is, whatever code under test has done to JSON', () => {
  const { stringify } = JSON
  const by = { process: 'consumer-0', incarnation: 1 }
  JSON.stringify = () => 'null'
  try {
    expect(eventLine({ kind: 'process-started', ...by, seq: 1, timeUs: 2 })).toBe(
      '{"kind":"process-started","process":"consumer-0","incarnation":1,"seq":1,"timeUs":2}',
    )
  } finally {
    JSON.stringify = stringify
  }
})
