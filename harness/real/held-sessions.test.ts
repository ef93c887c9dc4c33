import { describe, expect, it } from 'vitest'
import type { Exchange } from './gate/exchange.ts'
import { HeldSessions } from './held-sessions.ts'

const SESSION_MS = 6_000
const beat = {
  process: 'consumer-0',
  incarnation: 1,
  broker: 0,
  version: 4,
  ordinal: 1,
  api: 'Heartbeat',
  request: { groupId: 'billing', generationId: 1, memberId: 'a' },
  answer: { throttleTimeMs: 0, errorCode: 0 },
} satisfies Exchange
const join = {
  ...beat,
  api: 'JoinGroup',
  request: { groupId: 'billing', sessionTimeoutMs: 30_000, memberId: '' },
  answer: { errorCode: 0, memberId: 'a' },
} satisfies Exchange

/** A member whose session has been shortened to 6 s, and the time, which stands until it is set. */
function joined(): { readonly sessions: HeldSessions; readonly clock: { ms: number } } {
  const clock = { ms: 0 }
  const sessions = new HeldSessions(SESSION_MS, () => clock.ms)
  sessions.heard(join)
  return { sessions, clock }
}

describe('sessions beside what the replay holds', () => {
  it('lets a step go before the session of its process ends', () => {
    const { sessions, clock } = joined()
    expect(sessions.patienceMs('consumer-0', 10_000)).toBe(3_000)
    clock.ms = 2_000
    expect(sessions.patienceMs('consumer-0', 10_000)).toBe(1_000)
    clock.ms = 5_000
    expect(sessions.patienceMs('consumer-0', 10_000)).toBe(200)
    sessions.heard(beat)
    expect(sessions.patienceMs('consumer-0', 10_000)).toBe(3_000)
    expect(sessions.patienceMs('consumer-1', 10_000)).toBe(10_000)
  })

  it('waits as for anybody where the session is over already', () => {
    const { sessions, clock } = joined()
    clock.ms = SESSION_MS
    expect(sessions.patienceMs('consumer-0', 10_000)).toBe(10_000)
  })

  it('takes an expulsion on itself that no hold would not have come to', () => {
    const { sessions, clock } = joined()
    clock.ms = 100
    const letGo = sessions.hold('consumer-0', 'consumer-0 effect orders/0@1 prepared')
    clock.ms = 6_100
    letGo()
    clock.ms = 6_150
    expect(sessions.expelled('a')).toBe(
      "consumer-0 was expelled while the replay held 'consumer-0 effect orders/0@1 prepared' for 6.0 s: what came of that does not count",
    )
  })

  it('leaves an expulsion to the schedule where the process was silent for a session anyway', () => {
    const { sessions, clock } = joined()
    const letGo = sessions.hold('consumer-0', 'consumer-0 effect orders/0@1 prepared')
    clock.ms = 2_000
    letGo()
    clock.ms = 37_000
    expect(sessions.expelled('a')).toBeNull()
  })

  it('leaves it to the schedule where nothing was held, or somebody else', () => {
    const { sessions, clock } = joined()
    sessions.hold('consumer-1', 'consumer-1 OffsetCommit#1 received')
    clock.ms = 6_100
    expect(sessions.expelled('a')).toBeNull()
  })
})
