import { describe, expect, it } from 'vitest'
import type { Fault } from '../core/fault.ts'
import type { HistoryEvent, Observation } from '../core/history.ts'
import type { RunResult } from '../run/run.interface.ts'
import { CoverageCounter, hitsOf } from './coverage.ts'
import { fakeWorkload } from './testing/fake-scenario.ts'

const by = { process: 'consumer-0', incarnation: 1 }
const record = { topic: 'orders', partition: 0, offset: 7n }
const crash: Fault = { kind: 'crash', target: 'consumer-0', at: { event: 'x' }, restartMs: 100 }

function request(api: string, phase: 'sent' | 'applied' | 'acknowledged' | 'lost', ordinal = 1): Observation {
  return { kind: 'request', phase, api, ordinal, broker: 'broker-0', error: null, ...by }
}

function hit(fault: Fault = crash, index = 0): Observation {
  return { kind: 'fault', index, fault, phase: 'begins' }
}

function run(observations: readonly Observation[], skipped: readonly number[] = []): RunResult {
  const events: HistoryEvent[] = observations.map((each, seq) => ({ ...each, seq, timeUs: seq }))
  const faults = observations.flatMap((each) => (each.kind === 'fault' ? [each.fault] : []))
  return {
    schedule: { seed: '0', workload: fakeWorkload({}), faults, holds: [] },
    history: { events },
    verdict: { verdict: 'held', properties: {}, violations: [], notes: [] },
    skipped: skipped.map((index) => ({ index, kind: 'crash', reason: 'it was not running' })),
    app: {
      consumed: [],
      clients: [],
      reportsEffects: true,
      usesStore: false,
      wire: { staticMembers: false, awaitsReplicas: false },
    },
    stats: { dispatched: 0, virtualMs: 0, wallMs: 0 },
    historyHash: () => '',
  }
}

function pairsOf(...observations: readonly Observation[]): string[] {
  const counter = new CoverageCounter()
  counter.add('random', hitsOf(run(observations)))
  return report(counter).faultPhases.map(({ kind, phase }) => `${kind} × ${phase}`)
}

function report(counter: CoverageCounter): ReturnType<CoverageCounter['report']> {
  return counter.report({ namedEvents: 10, sweep: { done: 3, total: 3 }, kinds: ['crash', 'answer-lost'] })
}

const started: Observation = { kind: 'handler-start', group: 'g', ...by, ...record }
const effect: Observation = { kind: 'effect', label: 'saved', via: 'record', ...by, ...record }

describe('a crash falls', () => {
  it('on an idle process, where it had done nothing', () => {
    expect(pairsOf({ kind: 'process-started', ...by }, hit())).toEqual(['crash × idle'])
  })

  it('while fetching', () => {
    expect(pairsOf(request('Fetch', 'sent'), hit())).toEqual(['crash × fetching'])
  })

  it('while joining', () => {
    expect(pairsOf(request('JoinGroup', 'sent'), hit())).toEqual(['crash × joining'])
  })

  it('while rebalancing, even if its own join is on its way', () => {
    const rebalance: Observation = { kind: 'rebalance', group: 'g', reason: 'join' }
    expect(pairsOf(request('JoinGroup', 'sent'), rebalance, hit())).toEqual(['crash × rebalancing'])
  })

  it('while handling, although the next fetch is on its way', () => {
    expect(pairsOf(started, request('Fetch', 'sent'), hit())).toEqual(['crash × handling'])
  })

  it('between an effect and its commit, although the next handler runs', () => {
    expect(pairsOf(started, effect, started, hit())).toEqual(['crash × between effect and commit'])
  })

  it('while a commit is in flight', () => {
    expect(pairsOf(started, effect, request('OffsetCommit', 'sent'), hit())).toEqual([
      'crash × commit in flight',
    ])
  })

  it('between a commit and its acknowledgement', () => {
    expect(pairsOf(request('OffsetCommit', 'sent'), request('OffsetCommit', 'applied'), hit())).toEqual([
      'crash × between commit applied and acknowledged',
    ])
  })

  it('on an idle process again, when the commit is acknowledged', () => {
    const phases = (['sent', 'applied', 'acknowledged'] as const).map((phase) =>
      request('OffsetCommit', phase),
    )
    expect(pairsOf(...phases, hit())).toEqual(['crash × idle'])
  })

  it('on an idle process, when it was started again in the middle of a handler', () => {
    expect(pairsOf(started, { kind: 'process-started', ...by, incarnation: 2 }, hit())).toEqual([
      'crash × idle',
    ])
  })
})

describe('coverage', () => {
  it('counts a fault of a request to the process that sent it', () => {
    const lost: Fault = {
      kind: 'answer-lost',
      target: 'consumer-0 OffsetCommit#1',
      at: { event: 'consumer-0 OffsetCommit#1 sent' },
    }
    expect(pairsOf(request('OffsetCommit', 'sent'), hit(lost))).toEqual(['answer-lost × commit in flight'])
  })

  it('counts a pair once for each run', () => {
    const counter = new CoverageCounter()
    counter.add('random', hitsOf(run([started, hit(crash, 0), hit(crash, 1)])))
    counter.add('sweep', hitsOf(run([started, hit()])))
    expect(report(counter).faultPhases).toEqual([{ kind: 'crash', phase: 'handling', runs: 2 }])
    expect(report(counter).runsByStrategy).toEqual({ random: 1, sweep: 1 })
  })

  it('does not count a fault that could not act, and says how many there were', () => {
    const counter = new CoverageCounter()
    counter.add('random', hitsOf(run([started, hit()], [0])))
    expect(report(counter).faultPhases).toEqual([])
    expect(report(counter).never).toContain(
      '1 of 1 faults never acted, because their event never happened or their target could not take them',
    )
  })

  it('says what was never hit, for kinds that were allowed', () => {
    const counter = new CoverageCounter()
    counter.add('random', hitsOf(run([started, hit()])))
    expect(report(counter).never).toEqual([
      'no crash ever fell while fetching',
      'no crash ever fell while joining',
      'no crash ever fell while rebalancing',
      'no crash ever fell between an effect and its commit',
      'no crash ever fell while a commit was in flight',
      'no crash ever fell between a commit and its acknowledgement',
      'no answer-lost ever fell while a commit was in flight',
      "no record was ever impossible to process: add 'poison' to the scenario's faults to see what becomes of one",
    ])
  })

  it('says how much of the sweep was not tried', () => {
    const { never } = new CoverageCounter().report({
      namedEvents: 10,
      sweep: { done: 3, total: 40 },
      kinds: [],
    })
    expect(never).toEqual(['37 of 40 single faults of the sweep were not tried: raise --runs or --time'])
  })
})
