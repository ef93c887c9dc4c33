import { describe, expect, it } from 'vitest'
import type { HistoryEvent } from '../core/history.ts'
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

const PROCESS = { process: 'consumer-0', incarnation: 1 }
const FAULT = { kind: 'fault', index: 0, phase: 'begins' }

/** A simulated run in which a fault, and what follows, expels a member. */
function expels(incarnation: number): HistoryEvent[] {
  const removed = {
    kind: 'member-removed',
    reason: 'session-expired',
    memberId: 'x',
    ...PROCESS,
    incarnation,
  }
  return [FAULT, removed] as unknown as HistoryEvent[]
}

/** A member whose session has been shortened to 6 s, and the time, which stands until it is set. */
function joined(simulated: readonly HistoryEvent[] = []): {
  readonly sessions: HeldSessions
  readonly clock: { ms: number }
} {
  const clock = { ms: 0 }
  const sessions = new HeldSessions({ sessionMsMax: SESSION_MS, simulated, nowMs: () => clock.ms })
  sessions.started(PROCESS)
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

  it('leaves it to the schedule where the simulated run expels it behind the same faults', () => {
    const { sessions, clock } = joined(expels(1))
    expect(sessions.patienceMs('consumer-0', 10_000)).toBe(3_000)
    sessions.faulted({ index: 0 })
    // It is stopped, or cut off: its next step comes behind what others do meanwhile.
    expect(sessions.patienceMs('consumer-0', 10_000)).toBe(10_000)
    sessions.hold('consumer-0', 'consumer-0 effect orders/0@1 prepared')
    clock.ms = 6_100
    expect(sessions.expelled('a')).toBeNull()
  })

  it('takes it on itself before that fault, behind it a second time, and in another incarnation', () => {
    const cases = [
      { plan: expels(1), faults: [], times: 1 },
      { plan: expels(1), faults: [0], times: 2 },
      { plan: expels(2), faults: [0], times: 1 },
    ]
    for (const { plan, faults, times } of cases) {
      const { sessions, clock } = joined(plan)
      for (const index of faults) sessions.faulted({ index })
      sessions.hold('consumer-0', 'consumer-0 effect orders/0@1 prepared')
      const told: (string | null)[] = []
      for (let time = 0; time < times; time += 1) {
        sessions.heard(join)
        clock.ms += 6_100
        told.push(sessions.expelled('a'))
      }
      expect(told.at(-1)).toMatch(/was expelled while the replay held/)
    }
  })

  it('counts two steps that wait at once as one', () => {
    const { sessions, clock } = joined()
    const letGo = [0, 1].map((partition) =>
      sessions.hold('consumer-0', `consumer-0 effect orders/${partition}@1 prepared`),
    )
    clock.ms = 2_000
    for (const each of letGo) each()
    clock.ms = 9_000
    expect(sessions.expelled('a')).toBeNull()
  })

  it('leaves the expulsion of a process that is no more to what ended it', () => {
    const { sessions, clock } = joined()
    sessions.hold('consumer-0', 'consumer-0 OffsetCommit#1 received')
    sessions.ended(PROCESS)
    clock.ms = 6_100
    expect(sessions.expelled('a')).toBeNull()
  })
})
