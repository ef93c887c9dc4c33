import { describe, expect, it } from 'vitest'
import { exactlyOnce, tell } from '../../properties/index.ts'
import type { EventOf, ObservationKind } from '../core/history.ts'
import type { AppContext, EffectTarget, Invariant, Scenario } from '../core/scenario.ts'
import { prepareScenario } from '../scenario/prepare.ts'
import { handling } from '../scenario/testing/consumers.ts'
import { ledger, tellLedger } from '../scenario/testing/ledger.ts'
import type { RunResult } from './run.interface.ts'

type ServiceHandler = (record: EffectTarget, context: AppContext) => unknown

const nameOf = ({ topic, partition, offset }: EffectTarget): string => `${topic}/${partition}@${offset}`
const add: ServiceHandler = (record, context) => tellLedger(context, `ADD ${nameOf(record)}`)

function scenarioOf(handler: ServiceHandler, more: Partial<Scenario> = {}): Scenario {
  return {
    name: 'ledger',
    topics: { work: { partitions: 1 } },
    records: { work: 3 },
    consumers: 1,
    app: handling(handler),
    services: { ledger: ledger() },
    identity: nameOf,
    effects: { from: 'ledger', query: 'lines' },
    guarantee: exactlyOnce(),
    ...more,
  }
}

async function runOf(handler: ServiceHandler, more: Partial<Scenario> = {}): Promise<RunResult> {
  const prepared = await prepareScenario(scenarioOf(handler, more), { file: import.meta.filename })
  const workload = prepared.workload('seed')
  return prepared.run({ seed: 'seed', workload, faults: [], holds: [] }, { stopAt: 'end' })
}

function all<Kind extends ObservationKind>({ history }: RunResult, kind: Kind): EventOf<Kind>[] {
  return history.events.filter((event): event is EventOf<Kind> => event.kind === kind)
}

describe('the services of a run', () => {
  it('have calls with names and phases', async () => {
    const result = await runOf(add)
    const calls = all(result, 'call').map((event) => [event.service, event.operation, event.phase])
    expect(calls.slice(0, 4)).toEqual(
      ['sent', 'received', 'applied', 'acknowledged'].map((phase) => ['ledger', 'ADD', phase]),
    )
    expect(all(result, 'call').map(({ ordinal }) => ordinal)).toEqual(
      [1, 2, 3].flatMap((ordinal) => [ordinal, ordinal, ordinal, ordinal]),
    )
  })

  it('tell what stands in them, and by which call', async () => {
    const result = await runOf(add)
    expect(all(result, 'effect')).toMatchObject(
      [0n, 1n, 2n].map((offset, index) => ({
        via: 'service',
        label: 'ledger',
        call: `consumer-0 ledger ADD#${index + 1}`,
        offset,
      })),
    )
    expect(result.verdict.verdict).toBe('held')
  })

  it('begin each run as they began the first', async () => {
    const prepared = await prepareScenario(scenarioOf(add), { file: import.meta.filename })
    const schedule = { seed: 'seed', workload: prepared.workload('seed'), faults: [], holds: [] }
    const [first, second] = [await prepared.run(schedule), await prepared.run(schedule)]
    expect(second.historyHash()).toBe(first.historyHash())
    expect(all(second, 'effect')).toHaveLength(3)
  })

  it('a record that is the same message as an earlier one has its effect already', async () => {
    const twice = { records: { work: [{ value: 'a' }, { value: 'a' }] } }
    const seen = new Set<string>()
    const result = await runOf(
      async (record, context) => {
        if (seen.has(context.instance)) return
        await tellLedger(context, 'ADD a')
        seen.add(context.instance)
        void record
      },
      { ...twice, identity: ({ value }) => value ?? '' },
    )
    expect(result.verdict).toMatchObject({ verdict: 'violated' })
    expect(result.verdict.violations.map(({ property }) => property)).not.toContain('duplicate-effect')
  })
})

describe('what stands in a service when all has come to rest', () => {
  it('twice: a duplicate, with the calls that made it', async () => {
    const { verdict } = await runOf(async (record, context) => {
      await add(record, context)
      if (record.offset === '1') await add(record, context)
    })
    expect(verdict.violations).toMatchObject([
      {
        property: 'duplicate-effect',
        message:
          'work/0@1 stands twice in ledger: by consumer-0 ledger ADD#2, and again by consumer-0 ledger ADD#3',
      },
    ])
  })

  it('twice for a while, and once in the end: no duplicate', async () => {
    const { verdict } = await runOf(async (record, context) => {
      await add(record, context)
      await add(record, context)
      await tellLedger(context, `DROP ${nameOf(record)}`)
      await add(record, context)
    })
    expect(verdict).toMatchObject({ verdict: 'held', violations: [] })
  })

  it('no more: lost, and by which call', async () => {
    const { verdict, history } = await runOf(async (record, context) => {
      await add(record, context)
      if (record.offset === '2') await tellLedger(context, 'DROP work/0@1')
    })
    expect(verdict.violations).toMatchObject([
      {
        property: 'lost-record',
        message:
          'work/0@1 was never processed: what stood in ledger for it was taken away by consumer-0 ledger DROP#1',
      },
    ])
    const [finding] = verdict.violations
    const told = finding === undefined ? null : tell(history, finding)
    const takenAway = history.events.flatMap(({ kind, seq }) => (kind === 'effect-undone' ? [seq] : []))
    expect(told?.story.filter(({ mark }) => mark === 'trouble').map(({ events }) => events)).toContainEqual(
      takenAway,
    )
    expect(told?.sentence).toContain('DROP#1')
  })

  it('never, though the handler ended: lost', async () => {
    const { verdict } = await runOf(async (record, context) => {
      if (record.offset !== '1') await add(record, context)
    })
    const properties = verdict.violations.map(({ property }) => property)
    expect(properties).toEqual(expect.arrayContaining(['lost-record', 'commit-ahead']))
  })
})

describe('what a service cannot show', () => {
  const asks = { event: 'consumer-0 process start work/0@1' }

  it('ends the run, which says nothing', async () => {
    let attempts = 0
    const prepared = await prepareScenario(
      scenarioOf(async (record, context) => {
        attempts += 1
        if (attempts > 3) await tellLedger(context, 'ASK more')
        await add(record, context)
        await add(record, context)
      }),
      { file: import.meta.filename },
    )
    const workload = prepared.workload('seed')
    const fault = { kind: 'slow-handler', target: 'work/0@1', at: asks, durationMs: 100 } as const
    const { verdict } = await prepared.run({ seed: 'seed', workload, faults: [fault], holds: [] })
    expect(verdict).toEqual({
      verdict: 'undecided',
      beyond: 'ledger: a question',
      properties: {},
      violations: [],
      notes: [],
    })
  })

  it('is wrong use where no fault is needed for it', async () => {
    const asking = runOf((_, context) => tellLedger(context, 'ASK more'))
    await expect(asking).rejects.toThrow(
      "the app of 'ledger' needs, without any fault, what its service can't show: ledger: a question",
    )
  })
})

describe('wrong use', () => {
  it.each([
    [{ services: { 'broker-0': ledger() } }, "has a service 'broker-0'"],
    [{ services: { a: ledger(), 'a:1': ledger() } }, "has two services at the host 'a'"],
    [{ effects: { from: 'db', query: 'lines' } }, "has effects from 'db', and its services are ledger"],
    [
      { effects: { from: 'ledger', query: 'rows' } },
      'effects.query at ledger: there is no rows; mend the query',
    ],
    [{ services: { ledger: {} as never } }, "has no 'services.ledger.port'"],
  ])('%#: %o', async (more, message) => {
    await expect(runOf(add, more)).rejects.toThrow(message)
  })

  it('two accounts of the same effects', async () => {
    const both = runOf(async (record, context) => {
      await add(record, context)
      await context.effects.record(record)
    })
    await expect(both).rejects.toThrow(
      'is judged by what stands in ledger, and its app calls context.effects',
    )
  })
})

describe('the invariants of a scenario', () => {
  it.each<[string, Invariant, unknown]>([
    ['held', ({ services }) => void services['ledger']?.ask('lines'), null],
    ['broken', ({ services }) => `${services['ledger']?.ask('lines').length} lines`, '3 lines'],
    [
      'broken',
      () => {
        throw new Error('it does not')
      },
      'Error: it does not',
    ],
  ])('after the drain, with what stands in the services: %s', async (outcome, invariant, text) => {
    const result = await runOf(add, { invariants: { 'it adds up': invariant } })
    expect(all(result, 'invariant')).toMatchObject([{ outcome, text }])
  })

  it('that ask what cannot be asked now are neither held nor broken', async () => {
    const seen = await runOf(add, {
      services: { ledger: ledger(), closed: { ...ledger(), port: 7_001, ask: () => null } },
      invariants: { 'it adds up': ({ services }) => void services['closed']?.ask('lines') },
    })
    expect(all(seen, 'invariant')).toMatchObject([
      { outcome: 'unknown', text: expect.stringContaining('closed') as string },
    ])
  })
})
