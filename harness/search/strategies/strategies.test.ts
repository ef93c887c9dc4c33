import { beforeAll, describe, expect, it } from 'vitest'
import { namedEvents } from '../../core/event-names.ts'
import { definitionOf, FAULT_KINDS, type Fault, faultsOf } from '../../core/fault.ts'
import type { HistoryEvent } from '../../core/history.ts'
import type { Schedule } from '../../core/schedule.ts'
import { createStream } from '../../core/seed.ts'
import type { PreparedScenario, RunResult } from '../../run/run.interface.ts'
import { baseSchedule, knowledgeOf } from '../arbitrary.ts'
import { detoursOf } from '../detours.ts'
import { isSwept } from '../fault-menu.ts'
import type { Knowledge } from '../knowledge.ts'
import { type FakeOptions, fakeScenario, fakeWorkload } from '../testing/fake-scenario.ts'
import { pairs } from './pairs.ts'
import { Portfolio, STRATEGY_NAMES } from './portfolio.ts'
import { singleFaults, sweep } from './sweep.ts'

const TINY = {
  workload: {
    consumers: 1,
    topics: { orders: { partitions: 1, startOffset: '0' } },
    records: fakeWorkload({}).records.slice(0, 1),
  },
} satisfies FakeOptions

async function know(options: FakeOptions = {}): Promise<Knowledge> {
  const prepared = fakeScenario(options)
  return knowledgeOf(prepared, await prepared.run(baseSchedule(prepared, 'base')))
}

/** The schedules that a strategy gives, each of them run and learnt from, as in a search. */
async function explore(
  name: string,
  seed: string,
  count: number,
  prepared: PreparedScenario = fakeScenario(),
): Promise<Schedule[]> {
  const knowledge = knowledgeOf(prepared, await prepared.run(baseSchedule(prepared, 'base')))
  const portfolio = new Portfolio(name)
  const random = createStream(seed)
  const schedules: Schedule[] = []
  for (let index = 0; index < count; index += 1) {
    const planned = portfolio.next(knowledge)
    const schedule = planned?.strategy.next({ turn: planned.turn, random, knowledge }) ?? null
    if (schedule === null) break
    schedules.push(schedule)
    const run = await prepared.run(schedule)
    knowledge.learn(run)
    const name = knowledge.wanted(schedule)
    if (name !== null) knowledge.keep(name, run)
  }
  return schedules
}

describe.each(STRATEGY_NAMES)('%s', (name) => {
  let schedules: readonly Schedule[]

  beforeAll(async () => {
    schedules = await explore(name, 'a', 800)
  })

  it('gives the same schedules for the same seed', async () => {
    expect(await explore(name, 'a', 100)).toEqual(schedules.slice(0, 100))
  })

  it.skipIf(name === 'pairs')('goes on when the first hundreds of schedules are done', () => {
    expect(schedules).toHaveLength(800)
  })

  it('never has more than one process more than configured, nor more records', () => {
    expect(schedules.length).toBeGreaterThan(0)
    for (const { workload } of schedules) {
      expect(workload.consumers).toBeLessThanOrEqual(3)
      expect(workload.records.length).toBeGreaterThan(0)
      expect(workload.records.length).toBeLessThanOrEqual(6)
    }
  })
})

describe.each(['random', 'pct', 'swarm', 'portfolio'])('%s', (name) => {
  it('gives other schedules for another seed', async () => {
    expect(await explore(name, 'a', 50)).not.toEqual(await explore(name, 'b', 50))
  })
})

describe('sweep', () => {
  it('places one fault of each kind after every event where it applies, and nothing twice', async () => {
    const knowledge = await know(TINY)
    const total = singleFaults(knowledge)
    const swept = Array.from({ length: total }, (_, turn) =>
      sweep.next({ turn, random: createStream('unused'), knowledge }),
    )
    const spots = swept.map((schedule) => {
      expect(schedule?.faults).toHaveLength(1)
      const [fault] = schedule?.faults ?? []
      return fault !== undefined && 'event' in fault.at
        ? `${fault.kind} ${fault.at.event}`
        : `${fault?.kind} ${fault?.target}`
    })
    const { menu, places } = knowledge.calm
    const expected = menu.kinds.flatMap((kind) =>
      places.flatMap((place) => {
        const [fault, ...others] = isSwept(kind, place) ? faultsOf(kind, place, menu) : []
        if (fault === undefined) return []
        // A refusal that the client does not repair is another fault than one that it does.
        const forGood = others.filter(isRefusedForGood)
        return [fault, ...forGood].map(({ at, target }) =>
          'event' in at ? `${kind} ${place.name}` : `${kind} ${target}`,
        )
      }),
    )
    expect(spots.toSorted()).toEqual(expected.toSorted())
  })

  it('crashes the process after each thing that it does', async () => {
    const prepared = fakeScenario({ ...TINY, kinds: ['crash'] })
    const first = await prepared.run(baseSchedule(prepared, 'base'))
    const knowledge = knowledgeOf(prepared, first)
    const crashes = Array.from({ length: singleFaults(knowledge) }, (_, turn) =>
      sweep.next({ turn, random: createStream('unused'), knowledge }),
    ).flatMap((schedule) => schedule?.faults ?? [])
    const itsOwn = namedEvents(first.history.events)
      .map(({ name }) => name)
      .filter((name) => name.startsWith('consumer-0') && !name.endsWith('received'))
    expect(crashes.map(({ at }) => ('event' in at ? at.event : null)).toSorted()).toEqual(itsOwn.toSorted())
  })

  it('begins with crashes, lost answers and stalls around commits, handlers and effects', async () => {
    const knowledge = await know()
    const first = Array.from({ length: 12 }, (_, turn) =>
      sweep.next({ turn, random: createStream('unused'), knowledge }),
    ).flatMap((schedule) => schedule?.faults ?? [])
    const everyThird = first.filter((_, index) => index % 3 === 0).map(({ kind }) => kind)
    expect(everyThird.slice(0, 4)).toEqual(['crash', 'answer-lost', 'pause', 'graceful-restart'])
    for (const { at } of first.filter((_, index) => index % 3 === 0)) {
      expect('event' in at ? at.event : '').toMatch(/OffsetCommit|process (start|end)|effect/)
    }
  })

  it('tries each other family before it tries a second kind of one', async () => {
    const knowledge = await know()
    const turns = Array.from({ length: 9 }, (_, turn) => turn).filter((turn) => turn % 3 !== 0)
    const kinds = turns.flatMap((turn) => {
      const schedule = sweep.next({ turn, random: createStream('unused'), knowledge })
      return schedule?.faults.map(({ kind }) => kind) ?? []
    })
    expect(kinds).toHaveLength(6)
    expect(new Set(kinds.map((kind) => definitionOf(kind).family)).size).toBe(6)
  })

  it('refuses what an app writes as soon as its commits', async () => {
    const prepared = fakeScenario()
    const { schedule, history } = await prepared.run(baseSchedule(prepared, 'base'))
    const events = history.events.flatMap((event) =>
      event.kind === 'request' && event.api === 'OffsetCommit'
        ? [{ ...event, api: 'Produce' }, event]
        : [event],
    )
    const knowledge = knowledgeOf(prepared, { schedule, history: { events } })
    const refused = Array.from({ length: singleFaults(knowledge) }, (_, turn) =>
      sweep.next({ turn, random: createStream('unused'), knowledge }),
    ).flatMap((each) => each?.faults.filter(({ kind }) => kind === 'request-error') ?? [])
    const first = (faults: readonly Fault[]): readonly string[] =>
      faults.slice(0, 2).map(({ target }) => target)
    expect(first(refused.filter((fault) => !isRefusedForGood(fault)))).toEqual([
      'consumer-0 Produce#1',
      'consumer-0 OffsetCommit#1',
    ])
    // Writes come before all else.
    expect(first(refused.filter(isRefusedForGood))).toEqual(['consumer-0 Produce#1', 'consumer-0 Produce#3'])
  })

  it('refuses a write for good among its first twenty', async () => {
    const knowledge = await know()
    const turns = Array.from({ length: 20 }, (_, turn) => turn)
    const faults = turns.flatMap(
      (turn) => sweep.next({ turn, random: createStream('unused'), knowledge })?.faults ?? [],
    )
    expect(faults.some(isRefusedForGood)).toBe(true)
  })

  it('goes on with other values, then with pairs of two different faults', async () => {
    const knowledge = await know(TINY)
    const singles = singleFaults(knowledge)
    const planned = sweep.planned(knowledge)
    expect(planned).toBeGreaterThan(singles)
    const random = createStream('pairs')
    const variant = sweep.next({ turn: singles, random, knowledge })
    expect(variant?.faults).toHaveLength(1)
    for (let turn = planned; turn < planned + 50; turn += 1) {
      const [one, other] = sweep.next({ turn, random, knowledge })?.faults ?? []
      expect(one).toBeDefined()
      expect(other).toBeDefined()
      expect(one).not.toEqual(other)
    }
  })

  it('has nothing to try where no kind is allowed', async () => {
    const knowledge = await know({ kinds: [] })
    expect(sweep.has(0, knowledge)).toBe(false)
    expect(sweep.next({ turn: 0, random: createStream('a'), knowledge })).toBeNull()
  })
})

function isRefusedForGood(fault: Fault): boolean {
  return fault.kind === 'request-error' && fault.error === 'UNKNOWN_SERVER_ERROR' && fault.times === 3
}

describe('the portfolio', () => {
  it('tries a plain fault of every kind among its first 64 schedules', async () => {
    const knowledge = await know()
    const { menu, places } = knowledge.calm
    const fitting = menu.kinds.filter((kind) =>
      places.some((place) => isSwept(kind, place) && faultsOf(kind, place, menu).length > 0),
    )
    expect(fitting.length).toBeGreaterThan(20)
    const portfolio = new Portfolio('portfolio')
    const random = createStream('early')
    const tried = Array.from({ length: 63 }, () => portfolio.next(knowledge)).flatMap((planned) => {
      const schedule = planned?.strategy.next({ turn: planned.turn, random, knowledge }) ?? null
      return schedule?.faults.length === 1 ? schedule.faults.map(({ kind }) => kind) : []
    })
    expect(fitting.filter((kind) => !tried.includes(kind))).toEqual([])
  })
})

describe('pairs', () => {
  const isDetour = ({ kind }: Fault): boolean => definitionOf(kind).detour !== undefined
  const handsOver = ({ kind }: Fault): boolean => definitionOf(kind).handsOver === true

  it('tries a hand-over behind each detour, in the run that the detour gave, and nothing twice', async () => {
    const schedules = await explore('pairs', 'a', 5_000)
    expect(schedules.length).toBeLessThan(5_000)
    expect(new Set(schedules.map((each) => JSON.stringify(each))).size).toBe(schedules.length)
    const [calm, ...others] = schedules
    expect(calm?.faults).toEqual([])
    const alone = others.filter(({ faults }) => faults.length === 1)
    const two = others.filter(({ faults }) => faults.length === 2)
    expect(alone.length + two.length).toBe(others.length)
    expect(alone.flatMap(({ faults }) => faults).every(isDetour)).toBe(true)
    // The fake calls no service.
    const kinds = FAULT_KINDS.filter(
      (kind) => definitionOf(kind).detour !== undefined && definitionOf(kind).family !== 'service',
    )
    expect(new Set(alone.flatMap(({ faults }) => faults.map(({ kind }) => kind)))).toEqual(new Set(kinds))
    const prepared = fakeScenario()
    const second = FAULT_KINDS.filter(
      (kind) => definitionOf(kind).handsOver === true && kind !== 'coordinator-moved',
    )
    for (const { faults, ...same } of alone.slice(0, 5)) {
      const [detour] = faults
      const behind = two.filter((each) => JSON.stringify(each.faults[0]) === JSON.stringify(detour))
      expect(behind.flatMap((each) => each.faults.slice(1)).every(handsOver)).toBe(true)
      for (const kind of second) expect(behind.map((each) => each.faults[1]?.kind)).toContain(kind)
      const { history } = await prepared.run({ ...same, faults })
      const struck = history.events.findIndex(({ kind }) => kind === 'fault')
      const names = namedEvents(history.events.slice(struck)).map(({ name }) => name)
      for (const each of behind) expect(names).toContain(eventOf(each.faults[1]))
    }
  })

  it('has records come while it goes on', async () => {
    const [calm] = await explore('pairs', 'a', 1)
    expect(new Set(calm?.workload.records.map(({ atMs }) => atMs)).size).toBeGreaterThan(1)
  })

  it('refuses a request in two ways, the second one at each process and at no heartbeat', async () => {
    const prepared = fakeScenario()
    const { schedule, history } = await prepared.run(baseSchedule(prepared, 'base'))
    const events = history.events.flatMap((event) =>
      event.kind === 'request' && event.phase === 'sent' ? [event, { ...event, api: 'Heartbeat' }] : [event],
    )
    const { calm } = knowledgeOf(prepared, { schedule, history: { events } })
    const refused = detoursOf(calm, undefined).flatMap(({ fault, isRepeated }) => {
      if (fault.kind !== 'request-error' || isRepeated) return []
      return [`${fault.target} ${fault.error} ${fault.times ?? 1}`]
    })
    expect(refused.toSorted()).toEqual([
      'consumer-0 Heartbeat#1 NOT_COORDINATOR 1',
      'consumer-0 OffsetCommit#1 NOT_COORDINATOR 1',
      'consumer-0 OffsetCommit#1 UNKNOWN_SERVER_ERROR 3',
      'consumer-1 OffsetCommit#1 UNKNOWN_SERVER_ERROR 3',
    ])
  })

  it('begins where the process astray rests, then where its detour is seen at work, or behind its last strike', async () => {
    const fake = fakeScenario()
    const run = async (schedule: Schedule): Promise<RunResult> => {
      const result = await fake.run(schedule)
      // An app that does an effect reads something before it.
      const read = result.history.events.find((event) => event.kind === 'request' && event.phase === 'sent')
      const events = result.history.events.flatMap((event) =>
        event.kind === 'effect' && read !== undefined
          ? [{ ...read, process: event.process, api: 'OffsetFetch' }, event]
          : [event],
      )
      return { ...result, history: { events: events.map((event, seq) => ({ ...event, seq })) } }
    }
    const schedules = await explore('pairs', 'a', 500, { ...fake, run })
    const crashesBehind = (isOf: (detour: Fault) => boolean): readonly string[] => {
      const found = schedules.filter(({ faults: [detour] }) => detour !== undefined && isOf(detour))
      const places = found.flatMap(({ faults: [, second] }) =>
        second?.kind === 'crash' ? [eventOf(second)] : [],
      )
      return [...new Set(places)]
    }
    expect(crashesBehind(({ kind }) => kind === 'slow-handler').slice(0, 3)).toEqual([
      'consumer-0 OffsetFetch#1 sent (3)',
      'consumer-1 Fetch#1 sent',
      'consumer-0 OffsetFetch#1 sent',
    ])
    expect(crashesBehind(({ kind }) => kind === 'effect-ack-lost').slice(0, 3)).toEqual([
      'consumer-0 OffsetFetch#1 sent (3)',
      'consumer-1 Fetch#1 sent',
      'consumer-0 effect orders/0@0',
    ])
    const thrice = crashesBehind((fault) => fault.kind === 'request-error' && fault.times === 3)
    expect(thrice[0]).toBe('consumer-0 OffsetCommit#3 acknowledged')
  })

  it('begins each detour with another kind, and what is much like another with a newcomer', async () => {
    const schedules = await explore('pairs', 'a', 400)
    const begins = new Map<string, string>()
    for (const { faults } of schedules) {
      const [detour, second] = faults
      if (detour === undefined || second === undefined || !handsOver(second)) continue
      const name = JSON.stringify(detour)
      if (!begins.has(name)) begins.set(name, second.kind)
    }
    expect(new Set(begins.values()).size).toBeGreaterThan(4)
    expect([...begins.values()].slice(0, 4)).toEqual(['crash', 'pause', 'graceful-restart', 'join'])
    const prepared = fakeScenario()
    const known = knowledgeOf(prepared, await prepared.run(baseSchedule(prepared, 'a')))
    const alike = detoursOf(known.calm, undefined).flatMap(({ fault, isRepeated }) =>
      isRepeated ? (begins.get(JSON.stringify(fault)) ?? []) : [],
    )
    expect(alike.length).toBeGreaterThan(2)
    expect(new Set(alike)).toEqual(new Set(['join']))
  })

  it('runs one detour that is much like another of eight turns, as long as there are pairs', async () => {
    const schedules = await explore('pairs', 'a', 200)
    const alone = schedules.flatMap(({ faults }, turn) => (faults.length === 1 ? [turn] : []))
    const paired = schedules.findIndex(({ faults }) => faults.length === 2)
    const later = alone.filter((turn) => turn > paired)
    expect(later.length).toBeGreaterThan(2)
    expect(new Set(later.slice(1).map((turn, index) => turn - (later[index] ?? 0)))).toEqual(new Set([8]))
  })

  it('runs all detours where no kind hands over', async () => {
    const prepared = fakeScenario({ kinds: ['handler-error'] })
    const { schedule, history } = await prepared.run(baseSchedule(prepared, 'base'))
    const detours = detoursOf(knowledgeOf(prepared, { schedule, history }).calm, undefined)
    const alone = (await explore('pairs', 'a', 100, prepared)).filter(({ faults }) => faults.length === 1)
    expect(detours.length).toBeGreaterThan(2)
    expect(alone.length).toBeGreaterThanOrEqual(detours.length)
  })

  it('stands in two partitions of a process, where it has two', async () => {
    const prepared = fakeScenario()
    const { schedule, history } = await prepared.run(baseSchedule(prepared, 'base'))
    // The last record of the first process is in another partition.
    const last = history.events.findLastIndex(
      (event) => event.kind === 'handler-start' && event.process === 'consumer-0',
    )
    const events = history.events.map((event, index) =>
      index === last && event.kind === 'handler-start' ? { ...event, partition: 7 } : event,
    )
    const { calm } = knowledgeOf(prepared, { schedule, history: { events } })
    const failed = detoursOf(calm, undefined).flatMap(({ fault }) =>
      fault.kind === 'handler-error' ? [fault.target] : [],
    )
    expect(failed).toContain('orders/0@0')
    expect(failed.filter((target) => target.startsWith('orders/7'))).toHaveLength(1)
  })

  it('has what an app does on its other path only fail, too', async () => {
    const fake = fakeScenario()
    const run = async (schedule: Schedule): Promise<RunResult> => {
      const result = await fake.run(schedule)
      const gives = result.history.events
        .flatMap((event) => (event.kind === 'request' && event.phase === 'sent' ? [event] : []))
        .slice(0, 1)
        .map((sent): HistoryEvent => ({ ...sent, process: 'consumer-0', api: 'Produce', ordinal: 1 }))
      const events = result.history.events.flatMap((event) =>
        event.kind === 'fault' && event.fault.kind === 'effect-error' ? [event, ...gives] : [event],
      )
      return { ...result, history: { events: events.map((event, seq) => ({ ...event, seq })) } }
    }
    const schedules = await explore('pairs', 'a', 500, { ...fake, run })
    const behind = schedules.flatMap(({ faults: [detour, second] }) =>
      detour?.kind === 'effect-error' && eventOf(detour) === 'consumer-0 process start orders/0@0' && second
        ? [second]
        : [],
    )
    const failures = behind.filter((fault) => !handsOver(fault))
    expect(failures.map(({ kind, target }) => `${kind} ${target}`)).toEqual([
      'answer-lost consumer-0 Produce#1',
      'request-error consumer-0 Produce#1',
      'request-error consumer-0 Produce#1',
    ])
    expect(behind.slice(0, 4).map(handsOver)).toEqual([false, true, false, true])
    const elsewhere = schedules.filter(({ faults: [detour] }) => detour?.kind === 'handler-error')
    expect(elsewhere.flatMap(({ faults }) => faults.slice(1)).every(handsOver)).toBe(true)
  })

  it('takes a service that fails for another path, at its first call', async () => {
    const prepared = { ...fakeScenario(), serviceErrors: { db: ['40001'] } } as const
    const { schedule, history } = await prepared.run(baseSchedule(prepared, 'base'))
    const called = { kind: 'call', service: 'db', operation: 'COMMIT', ordinal: 1, incarnation: 1 } as const
    const events = history.events.flatMap((event): HistoryEvent[] => {
      if (event.kind !== 'effect') return [event]
      const { seq, timeUs, process } = event
      return [{ ...called, phase: 'sent', error: null, process, seq, timeUs }, event]
    })
    const { calm } = knowledgeOf(prepared, { schedule, history: { events } })
    const failed = detoursOf(calm, undefined).filter(({ fault, isRepeated }) => {
      return definitionOf(fault.kind).family === 'service' && !isRepeated
    })
    expect(failed.map(({ fault: { kind, target } }) => `${kind} ${target}`).toSorted()).toEqual([
      'service-error consumer-0 db COMMIT#1',
    ])
  })

  it('leaves each detour to one part of a search', () => {
    const detours = (shard?: { index: number; of: number }) =>
      know().then((knowledge) => detoursOf(knowledge.calm, shard).map(({ name }) => name))
    return Promise.all([detours(), detours({ index: 1, of: 2 }), detours({ index: 2, of: 2 })]).then(
      ([all, one, other]) => expect([...one, ...other].toSorted()).toEqual(all.toSorted()),
    )
  })

  it('has nothing to try where no kind leads astray', async () => {
    const knowledge = await know({ kinds: ['crash', 'leave'] })
    expect(pairs.has(0, knowledge)).toBe(false)
  })

  function eventOf(fault: Fault | undefined): string {
    return fault !== undefined && 'event' in fault.at ? fault.at.event : ''
  }
})

describe('deviations', () => {
  it('holds each message and handler alone before it holds two', async () => {
    const knowledge = await know(TINY)
    const { holdable, menu } = knowledge.calm
    const { holdMs } = menu
    const schedules = await exploreTiny('deviations', holdable.length * holdMs.length + 1)
    const alone = schedules.slice(0, -1).flatMap(({ holds }) => {
      expect(holds).toHaveLength(1)
      return holds.map(({ event, durationMs }) => `${event} ${durationMs}`)
    })
    const wanted = holdable.flatMap(({ name }) => holdMs.map((durationMs) => `${name} ${durationMs}`))
    expect(wanted.length).toBeGreaterThan(20)
    expect(alone.toSorted()).toEqual(wanted.toSorted())
    expect(schedules.at(-1)?.faults).toEqual([])
    // What passes most other messages by comes first, then what comes close to a heartbeat.
    const [tiny, small, half, long] = holdMs
    const inOrder = schedules.slice(0, -1).flatMap(({ holds }) => holds.map(({ durationMs }) => durationMs))
    expect([...new Set(inOrder)]).toEqual([half, long, small, tiny])
  })

  async function exploreTiny(name: string, count: number): Promise<Schedule[]> {
    const knowledge = await know(TINY)
    const portfolio = new Portfolio(name)
    const random = createStream('tiny')
    return Array.from({ length: count }, () => portfolio.next(knowledge)).flatMap((planned) => {
      const schedule = planned?.strategy.next({ turn: planned.turn, random, knowledge }) ?? null
      return schedule === null ? [] : [schedule]
    })
  }
})

describe('faults of a random schedule', () => {
  it('are one to three', async () => {
    const counts = (await explore('random', 'a', 400)).map(({ faults }) => faults.length)
    expect(new Set(counts)).toEqual(new Set([1, 2, 3]))
  })

  it('mostly act, because they are placed at events of a run with the faults before them', async () => {
    const prepared = fakeScenario()
    let faults = 0
    let skipped = 0
    for (const schedule of await explore('random', 'a', 400)) {
      faults += schedule.faults.length
      skipped += (await prepared.run(schedule)).skipped.length
    }
    expect(skipped / faults).toBeLessThan(0.2)
  })
})

describe('a swarm', () => {
  it('leaves faults out of about a quarter of its runs, and has records come late in some of those', async () => {
    const schedules = await explore('swarm', 'a', 400)
    const calm = schedules.filter(({ faults }) => faults.length === 0)
    expect(calm.length).toBeGreaterThan(60)
    expect(calm.length).toBeLessThan(200)
    expect(calm.some(({ workload }) => workload.records.some(({ atMs }) => atMs > 0))).toBe(true)
  })

  it('gives each process that joins a name of its own', async () => {
    for (const { faults } of await explore('swarm', 'a', 400)) {
      const joined = faults.flatMap(({ kind, target }) => (kind === 'join' ? [target] : []))
      expect(new Set(joined).size).toBe(joined.length)
    }
  })
})

it('a strategy that does not exist is wrong use', () => {
  expect(() => new Portfolio('luck')).toThrow(/there is no strategy 'luck'; choose one of portfolio, sweep/)
})
