import { expect, it } from 'vitest'
import { interestOf } from './fault-menu.ts'

it('commits tell most, then groups, then what is read, then all other requests', () => {
  const by = { process: 'consumer-0', incarnation: 1, broker: 'broker-0', error: null, seq: 0, timeUs: 0 }
  const interests = ['OffsetCommit', 'JoinGroup', 'Fetch', 'Metadata'].map((api) =>
    interestOf({ name: api, event: { kind: 'request', phase: 'sent', api, ordinal: 1, ...by } }),
  )
  expect(interests).toEqual([0, 1, 2, 3])
})
