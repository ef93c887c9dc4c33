import { beforeAll, describe, expect, it } from 'vitest'
import { exactlyOnce } from '../../properties/index.ts'
import type { Fault } from '../core/fault.ts'
import type { EventOf, HistoryEvent, ObservationKind } from '../core/history.ts'
import { prepareScenario } from '../scenario/prepare.ts'
import { handling } from '../scenario/testing/consumers.ts'
import type { PreparedScenario, RunResult } from './run.interface.ts'

let inbox: PreparedScenario

beforeAll(async () => {
  inbox = await prepareScenario(
    {
      name: 'inbox',
      topics: { work: { partitions: 1 } },
      records: { work: 2 },
      consumers: 1,
      app: handling(async (record, { store }) => {
        const id = String(record.offset)
        await store.transaction(async (tx) => {
          if ((await tx.get('inbox', id)) !== undefined) return
          await tx.put('inbox', id, true)
          tx.effect(record)
        })
      }),
      guarantee: exactlyOnce(),
    },
    { file: import.meta.filename },
  )
})

const COMMIT = 'consumer-0 store COMMIT#1'
const GET = 'consumer-0 store GET inbox#1'

function run(
  fault?: Fault,
  holds: readonly { event: string; durationMs: number }[] = [],
): Promise<RunResult> {
  const faults = fault === undefined ? [] : [fault]
  return inbox.run({ seed: 'store', workload: inbox.workload('store'), faults, holds }, { stopAt: 'end' })
}

function all<Kind extends ObservationKind>({ history }: RunResult, kind: Kind): EventOf<Kind>[] {
  return history.events.filter((event): event is HistoryEvent & EventOf<Kind> => event.kind === kind)
}

/** Of the first call of this operation. */
const first = (result: RunResult, operation: string): EventOf<'call'>[] =>
  all(result, 'call').filter((event) => event.operation === operation && event.ordinal === 1)
const phases = (result: RunResult, operation: string): string[] =>
  first(result, operation).map(({ phase }) => phase)
const failures = (result: RunResult): string[] => all(result, 'handler-failure').map(({ error }) => error)
/** Between two phases of the first commit. */
const gapMs = (result: RunResult, from: string, to: string): number => {
  const timeOf = (phase: string): number =>
    first(result, 'COMMIT').find((event) => event.phase === phase)?.timeUs ?? Number.NaN
  return (timeOf(to) - timeOf(from)) / 1000
}
const START = { event: 'consumer-0 start' } as const
const at = (call: string, phase: string): { readonly event: string } => ({ event: `${call} ${phase}` })

describe('context.store', () => {
  it('names each read and each commit, and what becomes of it', async () => {
    const result = await run()
    const calls = all(result, 'call')
    expect(calls.map(({ operation, ordinal, phase }) => `${operation}#${ordinal} ${phase}`)).toEqual(
      [1, 2].flatMap((ordinal) =>
        ['GET inbox', 'COMMIT'].flatMap((operation) =>
          ['sent', 'received', 'applied', 'acknowledged'].map((phase) => `${operation}#${ordinal} ${phase}`),
        ),
      ),
    )
    expect(new Set(calls.map(({ service, process }) => `${process} ${service}`))).toEqual(
      new Set(['consumer-0 store']),
    )
    expect(result.verdict.verdict).toBe('held')
  })

  it('has the faults of services on the menu', () => {
    expect(inbox.faultKinds).toEqual(
      expect.arrayContaining(['service-answer-lost', 'service-disconnect', 'service-error', 'service-down']),
    )
    expect(inbox.serviceErrors).toEqual({ store: ['CONFLICT', 'FAILED'] })
  })

  it('commits although the process crashes once the commit is sent', async () => {
    const crash: Fault = {
      kind: 'crash',
      target: 'consumer-0',
      at: at(COMMIT, 'sent'),
      restartMs: 100,
    }
    const result = await run(crash)
    expect(phases(result, 'COMMIT')).toEqual(['sent', 'lost', 'received', 'applied'])
    expect(all(result, 'effect').map(({ offset }) => offset)).toEqual([0n, 1n])
    expect(result.verdict.verdict).toBe('held')
  })

  it('applies a commit and loses its answer', async () => {
    const result = await run({ kind: 'service-answer-lost', target: COMMIT, at: at(COMMIT, 'sent') })
    expect(phases(result, 'COMMIT')).toEqual(['sent', 'received', 'applied', 'lost'])
    expect(failures(result)).toEqual(['StoreError: the connection to the store ended before it answered'])
    expect(all(result, 'store-commit').map(({ acknowledged }) => acknowledged)).toEqual([false, true, true])
    expect(all(result, 'effect')).toHaveLength(2)
  })

  it('loses a commit that it does not apply', async () => {
    const result = await run({ kind: 'service-disconnect', target: COMMIT, at: at(COMMIT, 'sent') })
    expect(phases(result, 'COMMIT')).toEqual(['sent', 'received', 'lost'])
    expect(failures(result)).toHaveLength(1)
    expect(all(result, 'effect')).toHaveLength(2)
  })

  it.each(['CONFLICT', 'FAILED'] as const)('refuses a commit with %s, and writes nothing', async (error) => {
    const result = await run({ kind: 'service-error', target: COMMIT, at: at(COMMIT, 'sent'), error })
    expect(first(result, 'COMMIT').at(-1)).toMatchObject({ phase: 'acknowledged', error })
    expect(failures(result)).toHaveLength(1)
    expect(all(result, 'store-commit')).toHaveLength(2)
  })

  it('writes nothing after a read that failed, whatever the app makes of it', async () => {
    const result = await run({ kind: 'service-error', target: GET, at: at(GET, 'sent'), error: 'FAILED' })
    expect(failures(result)).toHaveLength(1)
    expect(all(result, 'store-commit')).toHaveLength(2)
    const stubborn = await prepareScenario(
      {
        name: 'catches a failed read',
        topics: { work: { partitions: 1 } },
        records: { work: 1 },
        consumers: 1,
        app: handling((record, { store }) =>
          store.transaction(async (tx) => {
            await tx.get('inbox', 'any').catch(() => undefined)
            tx.effect(record)
          }),
        ),
        guarantee: exactlyOnce(),
      },
      { file: import.meta.filename },
    )
    const workload = stubborn.workload('store')
    const fault: Fault = { kind: 'service-error', target: GET, at: at(GET, 'sent'), error: 'FAILED' }
    const again = await stubborn.run(
      { seed: 'store', workload, faults: [fault], holds: [] },
      { stopAt: 'end' },
    )
    expect(failures(again)).toEqual([
      'StoreError: a read of the transaction failed before; nothing was written',
    ])
    expect(all(again, 'effect')).toHaveLength(1)
  })

  it('refuses a transaction whose effect fails, and writes nothing', async () => {
    const result = await run({ kind: 'effect-error', target: 'work/0@0', at: START, times: 'once' })
    expect(all(result, 'effect-failure').map(({ offset }) => offset)).toEqual([0n])
    expect(failures(result)).toEqual(['StoreError: the store refused the transaction; nothing was written'])
    expect(first(result, 'COMMIT').at(-1)).toMatchObject({ phase: 'acknowledged', error: 'FAILED' })
    expect(all(result, 'effect')).toHaveLength(2)
  })

  it('commits, and never answers: no error of the store’s, and a time-out', async () => {
    const result = await run({ kind: 'effect-ack-lost', target: 'work/0@0', at: START })
    expect(failures(result)).toEqual(['StoreError: the store did not answer in time'])
    expect(first(result, 'COMMIT').map(({ phase, error }) => [phase, error])).toEqual([
      ['sent', null],
      ['received', null],
      ['applied', null],
      ['lost', null],
    ])
    expect(all(result, 'store-commit').map(({ acknowledged }) => acknowledged)).toEqual([false, true, true])
    expect(all(result, 'effect')).toHaveLength(2)
  })

  it('takes longer for a transaction of slow work', async () => {
    const result = await run({ kind: 'slow-handler', target: 'work/0@0', at: START, durationMs: 2_000 })
    expect(gapMs(result, 'sent', 'received')).toBeGreaterThan(2_000)
  })

  it('lets one of two transactions win that read the same row', async () => {
    const outcomes: string[] = []
    const racing = await prepareScenario(
      {
        name: 'two at once',
        topics: { work: { partitions: 1 } },
        records: { work: 1 },
        consumers: 1,
        app: handling(async (record, { store }) => {
          const count = (): Promise<void> =>
            store.transaction(async (tx) => {
              const before = Number((await tx.get('counts', 'all')) ?? 0)
              await tx.put('counts', 'all', before + 1)
            })
          const both = await Promise.allSettled([count(), count()])
          outcomes.splice(
            0,
            2,
            ...both.map((each) => (each.status === 'rejected' ? each.reason.code : 'won')),
          )
          await store.transaction(async (tx) => tx.effect(record))
        }),
        guarantee: exactlyOnce(),
      },
      { file: import.meta.filename },
    )
    const workload = racing.workload('store')
    await racing.run({ seed: 'store', workload, faults: [], holds: [] }, { stopAt: 'end' })
    expect(outcomes.sort()).toEqual(['CONFLICT', 'won'])
  })

  it('answers late, and holds a call on its way', async () => {
    const slow = await run({
      kind: 'service-slow',
      target: COMMIT,
      at: at(COMMIT, 'sent'),
      durationMs: 2_000,
    })
    expect(gapMs(slow, 'applied', 'acknowledged')).toBeGreaterThan(2_000)
    const held = await run(undefined, [
      { event: `${COMMIT} sent`, durationMs: 300 },
      { event: `${COMMIT} applied`, durationMs: 500 },
    ])
    expect(gapMs(held, 'sent', 'received')).toBeGreaterThan(300)
    expect(gapMs(held, 'applied', 'acknowledged')).toBeGreaterThan(500)
  })

  it('refuses all while it is down', async () => {
    const result = await run({
      kind: 'service-down',
      target: 'store',
      at: at(GET, 'sent'),
      durationMs: 2_000,
    })
    const [begins, ends] = all(result, 'fault')
    const between = all(result, 'call').filter(
      ({ seq, phase }) => seq > (begins?.seq ?? 0) && seq < (ends?.seq ?? 0) && phase === 'applied',
    )
    expect(between).toEqual([])
    expect(failures(result).length).toBeGreaterThan(1)
    expect(all(result, 'effect')).toHaveLength(2)
  })
})
