import { beforeAll, describe, expect, it } from 'vitest'
import { type Fault, type FaultKind, lengthMs } from '../../core/fault.ts'
import { durationsOf } from '../../core/faults/durations.ts'
import type { HistoryEvent, RequestPhase } from '../../core/history.ts'
import { baseSchedule, knowledgeOf } from '../arbitrary.ts'
import type { Menu } from '../fault-menu.ts'
import { LearntRun } from '../learnt-run.ts'
import { fakeScenario } from '../testing/fake-scenario.ts'
import { handOvers, type OtherPath } from './hand-overs.ts'

let known: LearntRun

beforeAll(async () => {
  const prepared = fakeScenario()
  known = knowledgeOf(prepared, await prepared.run(baseSchedule(prepared, 'base'))).calm
})

function request(process: string, api: string, phase: RequestPhase, ms: number): HistoryEvent {
  const by = { process, incarnation: 1, broker: 'broker-0', error: null }
  return { kind: 'request', phase, api, ordinal: 1, ...by, seq: 0, timeUs: ms * 1_000 }
}

function started(process: string): HistoryEvent {
  return { kind: 'process-started', process, incarnation: 1, seq: 0, timeUs: 0 }
}

/** A commit, a second of silence, a heartbeat, and one of another process in the same moment. */
const EVENTS: readonly HistoryEvent[] = [
  started('consumer-0'),
  started('consumer-1'),
  request('consumer-0', 'OffsetCommit', 'sent', 1),
  request('consumer-0', 'Fetch', 'sent', 2),
  request('consumer-0', 'OffsetCommit', 'applied', 2),
  request('consumer-0', 'OffsetCommit', 'acknowledged', 3),
  request('consumer-0', 'Heartbeat', 'sent', 1_003),
  request('consumer-0', 'Heartbeat', 'applied', 1_004),
  request('consumer-0', 'Heartbeat', 'acknowledged', 1_005),
  request('consumer-1', 'Heartbeat', 'sent', 1_006),
].map((event, seq) => ({ ...event, seq }))

function found(path: Partial<OtherPath> = {}, menu: Partial<Menu> = {}): readonly Fault[] {
  const run = new LearntRun(
    { schedule: known.schedule, history: { events: EVENTS } },
    { ...known.menu, ...menu },
  )
  return handOvers(run, { astray: 'consumer-0', struckUntil: 0, ...path })
}

/** Each place once, in the order of the faults. */
function placesOf(kind: FaultKind, path?: Partial<OtherPath>): readonly string[] {
  const places = found(path).flatMap((each) =>
    each.kind === kind && 'event' in each.at ? [each.at.event] : [],
  )
  return [...new Set(places)]
}

describe('hand-overs', () => {
  it('begin where the process astray rests, and leave out what is much like another place', () => {
    expect(placesOf('crash')).toEqual([
      'consumer-0 OffsetCommit#1 acknowledged',
      'consumer-1 start',
      'consumer-0 start',
      'consumer-0 Heartbeat#1 sent',
      'consumer-0 OffsetCommit#1 sent',
      'consumer-0 OffsetCommit#1 applied',
      'consumer-0 Heartbeat#1 applied',
      'consumer-1 Heartbeat#1 sent',
    ])
  })

  it('begin behind the last strike', () => {
    expect(placesOf('crash', { struckUntil: 6 }).slice(0, 3)).toEqual([
      'consumer-0 Heartbeat#1 acknowledged',
      'consumer-1 Heartbeat#1 sent',
      'consumer-0 Heartbeat#1 sent',
    ])
  })

  it('of no process come once in a moment', () => {
    expect(placesOf('coordinator-moved')).toEqual([
      'consumer-0 Heartbeat#1 sent',
      'consumer-0 OffsetCommit#1 sent',
    ])
  })

  it('are long for the process astray first, and short for others, and nothing in between', () => {
    const crashes = found().filter(({ kind }) => kind === 'crash')
    const of = (event: string): readonly number[] =>
      crashes.filter(({ at }) => 'event' in at && at.event === event).map(lengthMs)
    expect(of('consumer-0 OffsetCommit#1 acknowledged')).toEqual([40_000, 1_000])
    expect(of('consumer-1 start')).toEqual([1_000, 40_000])
    const restarts = found().filter(({ kind }) => kind === 'graceful-restart')
    expect(new Set(restarts.map(lengthMs))).toEqual(new Set([1_000]))
  })

  it('outlast what the app relies on', () => {
    const durations = durationsOf(known.menu.durations.timings, [600_000])
    const crashes = found({}, { durations }).filter(({ kind }) => kind === 'crash')
    expect(new Set(crashes.map(lengthMs))).toEqual(new Set([660_000, 40_000, 1_000]))
  })

  it('begin with the kind of their turn, or with a newcomer', () => {
    const firsts = ([0, 1, 2, 'newcomer'] as const).map((first) => found({ first })[0]?.kind)
    expect(firsts).toEqual(['crash', 'pause', 'graceful-restart', 'join'])
    const kinds = (first: number): ReadonlySet<string> => new Set(found({ first }).map(({ kind }) => kind))
    expect(kinds(100)).toEqual(kinds(0))
  })
})
