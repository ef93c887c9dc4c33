import { describe, expect, it } from 'vitest'
import type { Fault } from '../core/fault.ts'
import type { Schedule } from '../core/schedule.ts'
import type { Finding } from '../core/verdict.ts'
import { type Shrunk, shrink } from './shrink.ts'
import { type FakeOptions, type FakeRun, fakeScenario, fakeWorkload } from './testing/fake-scenario.ts'

const FINDING: Finding = { property: 'lost-record', message: 'as found', events: [] }

const NOISE: readonly Fault[] = [
  { kind: 'link-reset', target: 'consumer-0~broker-0', at: { event: 'consumer-0 Fetch#1 sent' } },
  { kind: 'pause', target: 'consumer-1', at: { event: 'consumer-1 effect orders/1@0' }, durationMs: 45_000 },
  { kind: 'crash', target: 'consumer-1', at: { event: 'consumer-1 never does this' }, restartMs: 40_000 },
]
const CRASH: Fault = {
  kind: 'crash',
  target: 'consumer-0',
  at: { event: 'consumer-0 OffsetCommit#1 applied' },
  restartMs: 40_000,
}

function large(parts: Partial<Schedule> = {}): Schedule {
  return {
    seed: 'some/long/seed',
    workload: fakeWorkload({}),
    faults: [...NOISE, CRASH],
    holds: [{ event: 'consumer-0 Fetch#1 applied', durationMs: 500 }],
    ...parts,
  }
}

type FakeDefect = (run: FakeRun) => boolean

async function shrinkWith(
  defect: FakeDefect,
  schedule: Schedule,
  options: FakeOptions = {},
): Promise<Shrunk> {
  const prepared = fakeScenario({ ...options, defect: (run) => (defect(run) ? 'lost-record' : null) })
  const shrunk = await shrink(prepared, { schedule, finding: FINDING })
  expect(shrunk.repeatable).toBe(true)
  expect(shrunk.oneMinimal).toBe(true)
  expect(shrunk.finding?.property).toBe('lost-record')
  for (const smaller of everySmaller(shrunk.schedule)) {
    const { verdict } = await prepared.run(smaller)
    expect(verdict.violations, `still fails: ${JSON.stringify(smaller)}`).toEqual([])
  }
  return shrunk
}

/** Written apart from the shrinker: each thing taken away, and nothing else changed. */
function* everySmaller(schedule: Schedule): Generator<Schedule> {
  const { faults, holds, workload } = schedule
  for (const index of faults.keys()) yield { ...schedule, faults: faults.toSpliced(index, 1) }
  for (const index of holds.keys()) yield { ...schedule, holds: holds.toSpliced(index, 1) }
  for (const index of workload.records.keys()) {
    yield { ...schedule, workload: { ...workload, records: workload.records.toSpliced(index, 1) } }
  }
  if (workload.consumers > 1) {
    yield { ...schedule, workload: { ...workload, consumers: workload.consumers - 1 } }
  }
  for (const [topic, old] of Object.entries(workload.topics)) {
    if (old.partitions < 2) continue
    const last = old.partitions - 1
    const topics = { ...workload.topics, [topic]: { ...old, partitions: last } }
    const records = workload.records.filter((each) => each.topic !== topic || each.partition !== last)
    yield { ...schedule, workload: { ...workload, topics, records } }
  }
}

/** Faults that acted, in the order in which they did. */
function acted({ events }: FakeRun): Fault[] {
  return events.flatMap((event) => (event.kind === 'fault' ? [event.fault] : []))
}

function sizes({ faults, holds, workload }: Schedule): object {
  const { consumers, records, topics } = workload
  const partitions = Object.values(topics).reduce((sum, topic) => sum + topic.partitions, 0)
  return { faults: faults.length, holds: holds.length, records: records.length, consumers, partitions }
}

describe('a shrunk schedule', () => {
  it('is one crash and three records, where that is what it takes', async () => {
    const { schedule, runs } = await shrinkWith(
      (run) =>
        run.schedule.workload.records.length >= 3 &&
        acted(run).some(
          ({ kind, target, at }) =>
            kind === 'crash' &&
            target === 'consumer-0' &&
            'event' in at &&
            at.event.includes('OffsetCommit#1'),
        ),
      large(),
    )
    expect(sizes(schedule)).toEqual({ faults: 1, holds: 0, records: 3, consumers: 1, partitions: 1 })
    expect(runs).toBeLessThan(60)
  })

  it('keeps two faults in their order, where the order matters', async () => {
    const { schedule } = await shrinkWith(
      (run) => {
        const kinds = acted(run).map(({ kind }) => kind)
        return kinds.includes('pause') && kinds.indexOf('pause') < kinds.lastIndexOf('crash')
      },
      large({
        faults: [
          ...NOISE,
          CRASH,
          { ...CRASH, target: 'consumer-1', at: { event: 'consumer-1 OffsetCommit#2 applied' } },
        ],
      }),
    )
    expect(sizes(schedule)).toMatchObject({ faults: 2, holds: 0, consumers: 1, partitions: 1 })
    expect(schedule.faults.map(({ kind }) => kind).toSorted()).toEqual(['crash', 'pause'])
  })

  it('names records by the offsets that they have when others are gone', async () => {
    const { schedule } = await shrinkWith(
      (run) => acted(run).some(({ kind, target }) => kind === 'handler-error' && !target.endsWith('@0')),
      large({
        faults: [
          {
            kind: 'handler-error',
            target: 'orders/1@2',
            at: { event: 'consumer-1 process start orders/1@2' },
            times: 'once',
          },
        ],
      }),
    )
    expect(sizes(schedule)).toEqual({ faults: 1, holds: 0, records: 2, consumers: 1, partitions: 1 })
    expect(schedule.faults).toEqual([
      {
        kind: 'handler-error',
        target: 'orders/0@1',
        at: { event: 'consumer-0 process start orders/0@1' },
        times: 'once',
      },
    ])
  })

  it('counts requests again when fewer are sent', async () => {
    const { schedule } = await shrinkWith(
      (run) =>
        acted(run).some(({ kind, target }) => kind === 'answer-lost' && target.includes('OffsetCommit')),
      large({
        faults: [
          {
            kind: 'answer-lost',
            target: 'consumer-0 OffsetCommit#3',
            at: { event: 'consumer-0 OffsetCommit#3 sent' },
          },
        ],
      }),
      { kinds: ['answer-lost'] },
    )
    expect(sizes(schedule)).toEqual({ faults: 1, holds: 0, records: 1, consumers: 1, partitions: 1 })
    expect(schedule.faults).toEqual([
      {
        kind: 'answer-lost',
        target: 'consumer-0 OffsetCommit#1',
        at: { event: 'consumer-0 OffsetCommit#1 sent' },
      },
    ])
  })

  it('moves records to another partition, where their number matters and not their place', async () => {
    const { schedule } = await shrinkWith((run) => run.schedule.workload.records.length >= 4, large())
    expect(sizes(schedule)).toEqual({ faults: 0, holds: 0, records: 4, consumers: 1, partitions: 1 })
  })

  it('keeps two partitions, where it takes two', async () => {
    const { schedule } = await shrinkWith(
      (run) => new Set(run.schedule.workload.records.map(({ partition }) => partition)).size > 1,
      large(),
    )
    expect(sizes(schedule)).toEqual({ faults: 0, holds: 0, records: 2, consumers: 1, partitions: 2 })
  })

  it('gives what only consumer-1 did to consumer-0, when that one is not needed', async () => {
    const { schedule } = await shrinkWith(
      (run) =>
        acted(run).some(
          ({ kind, target, at }) => kind === 'pause' && 'event' in at && at.event.startsWith(target),
        ),
      large({ faults: NOISE }),
    )
    expect(sizes(schedule)).toEqual({ faults: 1, holds: 0, records: 1, consumers: 1, partitions: 1 })
    expect(schedule.faults[0]).toMatchObject({ kind: 'pause', target: 'consumer-0' })
  })

  it('keeps the hold that it needs, as short as it may be', async () => {
    const { schedule } = await shrinkWith(
      (run) => run.schedule.holds.some(({ event, durationMs }) => run.names.has(event) && durationMs >= 50),
      large({
        holds: [
          { event: 'consumer-0 Fetch#1 applied', durationMs: 2_000 },
          { event: 'consumer-1 Fetch#1 applied', durationMs: 2_000 },
        ],
      }),
    )
    expect(schedule.holds).toEqual([{ event: 'consumer-0 Fetch#1 applied', durationMs: 100 }])
  })

  it('loses two things that only go together', async () => {
    const reset = (event: string): Fault => ({
      kind: 'link-reset',
      target: 'consumer-0~broker-0',
      at: { event },
    })
    const { schedule } = await shrinkWith(
      (run) => {
        const kinds = acted(run).map(({ kind }) => kind)
        return kinds.includes('crash') && kinds.filter((kind) => kind === 'link-reset').length !== 1
      },
      large({ faults: [reset('consumer-0 Fetch#1 sent'), CRASH, reset('consumer-0 Fetch#2 sent')] }),
      { kinds: ['link-reset'] },
    )
    expect(schedule.faults.map(({ kind }) => kind)).toEqual(['crash'])
  })

  it('has the plainest values: a crash, a short restart, no late records, seed 0', async () => {
    const late = fakeWorkload({})
    const { schedule } = await shrinkWith(
      (run) => acted(run).length > 0 && run.schedule.workload.records.length > 1,
      large({
        workload: {
          ...late,
          records: late.records.map((record, index) => ({ ...record, atMs: 700 * index })),
        },
        faults: [{ kind: 'broker-down', target: 'broker-0', at: CRASH.at, durationMs: 45_000 }],
      }),
    )
    expect(schedule.seed).toBe('0')
    expect(schedule.workload.records.map(({ atMs }) => atMs)).toEqual([0, 0])
    expect(schedule.faults).toEqual([{ ...CRASH, restartMs: 100 }])
  })

  it('keeps the log empty until the first record came: who reads from its end loses all that is there before', async () => {
    const late = fakeWorkload({})
    const records = late.records.map((record, index) => ({ ...record, atMs: 700 + index }))
    const { schedule } = await shrinkWith(
      (run) => run.schedule.workload.records.length > 1,
      large({ workload: { ...late, records } }),
    )
    expect(schedule.workload.records.map(({ atMs }) => atMs)).toEqual([700, 700])
  })

  it('does not turn a stall into a crash', async () => {
    const { schedule } = await shrinkWith(
      (run) => acted(run).some(({ kind }) => kind === 'pause' || kind === 'crash'),
      large({ faults: NOISE.slice(1, 2) }),
    )
    expect(schedule.faults[0]).toMatchObject({ kind: 'pause', durationMs: 100 })
  })
})

describe('shrinking', () => {
  const alwaysFails: FakeOptions = { defect: () => 'lost-record' }

  it('says that the result is not minimal where the runs are spent', async () => {
    const schedule = large()
    const shrunk = await shrink(fakeScenario(alwaysFails), { schedule, finding: FINDING }, { runsMax: 2 })
    expect(shrunk).toMatchObject({ runs: 2, oneMinimal: false, repeatable: true })
    expect(shrunk.schedule).not.toEqual(schedule)
  })

  it('leaves the schedule as it is with no runs at all', async () => {
    const schedule = large()
    const shrunk = await shrink(fakeScenario(alwaysFails), { schedule, finding: FINDING }, { runsMax: 0 })
    expect(shrunk).toMatchObject({ runs: 0, oneMinimal: false, schedule })
  })

  it('ends where it is when it is told to', async () => {
    const stop = new AbortController()
    const onProgress = (runs: number): void => {
      if (runs === 3) stop.abort()
    }
    const shrunk = await shrink(
      fakeScenario(alwaysFails),
      { schedule: large(), finding: FINDING },
      { signal: stop.signal, onProgress },
    )
    expect(shrunk).toMatchObject({ runs: 3, oneMinimal: false, repeatable: true })
  })

  it('ends where it is when the time is up, and says that the result is not minimal', async () => {
    const schedule = large()
    const shrunk = await shrink(fakeScenario(alwaysFails), { schedule, finding: FINDING }, { timeMs: 0 })
    expect(shrunk).toMatchObject({ runs: 0, oneMinimal: false, repeatable: true, schedule })
  })

  it('follows the property that was found, not another that shows up on the way', async () => {
    const prepared = fakeScenario({
      defect: ({ schedule }) => (schedule.workload.records.length >= 3 ? 'lost-record' : 'duplicate-effect'),
    })
    const { schedule, finding } = await shrink(prepared, { schedule: large(), finding: FINDING })
    expect(schedule.workload.records).toHaveLength(3)
    expect(finding?.property).toBe('lost-record')
  })

  it('keeps the defect that it began with: nothing that fails of itself on other records', async () => {
    const records = fakeWorkload({}).records.map((record, index) => ({ ...record, atMs: 1_000 + index }))
    const early = (run: FakeRun): boolean => run.schedule.workload.records.some(({ atMs }) => atMs === 0)
    const prepared = fakeScenario({
      defect: (run) => (early(run) || acted(run).some(({ kind }) => kind === 'crash') ? 'lost-record' : null),
    })
    const schedule = large({ workload: fakeWorkload({ records }), faults: [CRASH], holds: [] })
    const { schedule: shrunk } = await shrink(prepared, { schedule, finding: FINDING })
    expect(shrunk.faults).toHaveLength(1)
    expect(shrunk.workload.records.map(({ atMs }) => atMs === 0)).toEqual([false])
  })

  it('never runs a schedule twice on its way', async () => {
    const prepared = fakeScenario({ defect: ({ begun }) => (begun.has(0) ? 'lost-record' : null) })
    await shrink(prepared, { schedule: large({ faults: [CRASH] }), finding: FINDING })
    const onTheWay = prepared.runs.slice(0, -2).map((schedule) => JSON.stringify(schedule))
    expect(new Set(onTheWay).size).toBe(onTheWay.length)
  })

  it('says what differs where the result does not repeat', async () => {
    const prepared = fakeScenario({ defect: () => 'lost-record', leak: String })
    const shrunk = await shrink(prepared, { schedule: large(), finding: FINDING }, { runsMax: 1 })
    expect(shrunk.repeatable).toBe(false)
    expect(shrunk.difference?.event).toBe('consumer-0 effect orders/0@0')
  })
})
