import { describe, expect, it } from 'vitest'
import { exactlyOnce } from '../../properties/index.ts'
import { confirmationWords, outcomeOf } from '../core/confirmation.ts'
import type { Fault } from '../core/fault.ts'
import { COMMITS, clicks, orders, REFUSED, replayed } from './replayed.ts'
import { servedKafka, toxiproxyHere } from './testing/served-kafka.ts'

const toxiproxy = await toxiproxyHere()
const skip = 'none' in toxiproxy
if (skip) console.warn(`skipped: replays through Toxiproxy (${toxiproxy.none})`)

const TRY_MS = 120_000
const provider = servedKafka('none' in toxiproxy ? '' : toxiproxy.binary)

describe.skipIf(skip)('a replay in child processes, through Toxiproxy and gates', () => {
  it(
    'reproduces a commit that goes backwards after a refused one',
    async () => {
      const { confirmation, events, explanation } = await replayed(`${COMMITS}.ts`, clicks([REFUSED]), {
        property: 'commit-regression',
        provider,
      })
      const refused = events.filter((event) => event.kind === 'request' && event.error === 'NOT_COORDINATOR')
      expect(refused).toMatchObject([{ phase: 'applied' }, { phase: 'acknowledged' }])
      expect(confirmation.tries[0]?.diverged).toEqual([])
      expect(confirmationWords(confirmation)).toBe('confirmed on the simulated cluster: 1 of 1')
      // The client's back-off is over before the third commit or after it: clocks are real here.
      expect(explanation?.sentence).toMatch(/went back from [23] to 1/)
    },
    TRY_MS,
  )

  it(
    'refuses requests until the client gives up, as the simulated run does',
    async () => {
      const faults = [{ ...REFUSED, times: 'until-given-up' } as const]
      const { events } = await replayed(`${COMMITS}.twin.ts`, clicks(faults), {
        property: 'commit-regression',
        provider,
      })
      const drain = events.findIndex((event) => event.kind === 'phase' && event.phase === 'drain')
      const answers = events
        .slice(0, drain)
        .flatMap((event) =>
          event.kind === 'request' && event.api === 'OffsetCommit' && event.phase === 'applied'
            ? [event.error]
            : [],
        )
      expect(answers.slice(0, 3)).toEqual(['NOT_COORDINATOR', 'NOT_COORDINATOR', 'NOT_COORDINATOR'])
      expect(answers.at(-1)).toBeNull()
    },
    TRY_MS,
  )

  it(
    'does not accuse the twin that waits for its commits',
    async () => {
      const { confirmation } = await replayed(`${COMMITS}.twin.ts`, clicks([REFUSED]), {
        property: 'commit-regression',
        provider,
      })
      expect(confirmation.reproduced).toBe(0)
      expect(confirmation.tries[0]?.also).toEqual([])
    },
    TRY_MS,
  )

  it(
    'expels nobody by what it holds where the run goes another way',
    async () => {
      // Both records are there at once, and no commit comes between them as in the simulated run.
      const late: Fault = { kind: 'topic-late', target: 'orders', at: { atMs: 0 }, durationMs: 10_000 }
      const other = servedKafka('none' in toxiproxy ? '' : toxiproxy.binary, () => {}, {
        'auto.create.topics.enable': false,
      })
      const { confirmation, events } = await replayed(
        'scenarios/orders/orders-fixed.scenario.ts',
        orders([late]),
        { property: 'duplicate-effect', provider: other, guarantee: exactlyOnce() },
      )
      const removed = events.filter(({ kind }) => kind === 'member-removed')
      expect(removed).toEqual([])
      expect(confirmation.tries[0]?.diverged).toContainEqual(
        expect.stringContaining("waited for 'consumer-0 OffsetCommit#1 received'"),
      )
      expect(outcomeOf(confirmation)).toBe('undecided')
    },
    TRY_MS,
  )

  it(
    'observes assertions of the app, and asks invariants at its end',
    async () => {
      const { confirmation, events } = await replayed(
        'harness/real/testing/asserts.scenario.ts',
        clicks([]),
        { property: 'invariant-broken', provider },
      )
      const said = events.flatMap((event) =>
        event.kind === 'assertion' ? [[event.condition, event.details]] : [],
      )
      expect(said).toEqual([
        [true, "{ offset: '0' }"],
        [false, "{ offset: '1' }"],
      ])
      expect(confirmation.tries[0]?.also).toContain('assertion-failed')
      expect(confirmation.tries[0]?.sentence).toBe("'nobody clicks twice' is broken: somebody did")
      expect(confirmationWords(confirmation)).toBe('confirmed on the simulated cluster: 1 of 1')
    },
    TRY_MS,
  )

  it(
    'has the services of the scenario on real sockets, with faults at their calls',
    async () => {
      const crash: Fault = {
        kind: 'crash',
        target: 'consumer-0',
        at: { event: 'consumer-0 mail POST /send#1 applied' },
        restartMs: 100,
      }
      const { events, confirmation } = await replayed(
        'harness/real/testing/mails.scenario.ts',
        orders([crash]),
        { property: 'invariant-broken', provider },
      )
      const phases = events.flatMap((event) =>
        event.kind === 'call' && event.ordinal === 1 && event.service === 'mail' ? [event.phase] : [],
      )
      expect(phases).toEqual(['sent', 'received', 'applied', 'lost'])
      const effects = events.flatMap((event) => (event.kind === 'effect' ? [event.call] : []))
      expect(effects).toEqual([1, 2, 3].map((ordinal) => `consumer-0 mail POST /send#${ordinal}`))
      expect(confirmation.tries[0]?.also).toContain('duplicate-effect')
      expect(confirmation.tries[0]?.sentence).toBe("'all are noted' is broken: 2 are noted")
    },
    TRY_MS,
  )

  it(
    'kills the process that stands at the answer to its commit, and that never hears of it',
    async () => {
      const crash: Fault = {
        kind: 'crash',
        target: 'consumer-0',
        at: { event: 'consumer-0 OffsetCommit#1 applied' },
        restartMs: 100,
      }
      const { events } = await replayed(`${COMMITS}.ts`, clicks([crash]), {
        property: 'lost-record',
        provider,
      })
      const commits = events.flatMap((event) =>
        event.kind === 'commit' && event.ordinal === 1 ? [event.phase] : [],
      )
      expect(commits).toEqual(['applied', 'lost'])
      const killed = events.findIndex(({ kind }) => kind === 'process-crashed')
      const applied = events.findIndex((event) => event.kind === 'commit' && event.phase === 'applied')
      expect(killed).toBeGreaterThan(applied)
      expect(events.filter(({ kind }) => kind === 'process-started')).toHaveLength(2)
    },
    TRY_MS,
  )

  it(
    'stops a process at the end of its turn: what it sends in it leaves, as in a simulation',
    async () => {
      const pause: Fault = {
        kind: 'pause',
        target: 'consumer-0',
        at: { event: 'consumer-0 process end clicks/0@0' },
        durationMs: 2_000,
      }
      const { events } = await replayed(`${COMMITS}.ts`, clicks([pause]), {
        property: 'lost-record',
        provider,
      })
      const paused = events.findIndex(({ kind }) => kind === 'process-paused')
      const resumed = events.findIndex(({ kind }) => kind === 'process-resumed')
      const meanwhile = events
        .slice(paused, resumed)
        .flatMap((event) => (event.kind === 'request' && event.phase === 'sent' ? [event.api] : []))
      expect(meanwhile).toContain('OffsetCommit')
    },
    TRY_MS,
  )

  it(
    'calls a fault whose moment never came by its name, and the try undecided',
    async () => {
      const late: Fault = { ...REFUSED, at: { event: 'consumer-0 OffsetCommit#99 sent' } }
      const { confirmation } = await replayed(`${COMMITS}.ts`, clicks([late]), {
        property: 'commit-regression',
        provider,
      })
      expect(confirmation.tries[0]?.faults).toEqual([
        { skipped: "'consumer-0 OffsetCommit#99 sent' never happened" },
      ])
      expect(outcomeOf(confirmation)).toBe('undecided')
    },
    TRY_MS,
  )
})

describe('a schedule that no real cluster can follow', () => {
  it('is not applicable, and nothing is started', async () => {
    const lag: Fault = {
      kind: 'replica-lag',
      target: 'broker-0',
      at: { event: 'consumer-0 OffsetCommit#1 sent' },
      durationMs: 1_000,
    }
    const nobody = servedKafka('nobody starts it')
    const { confirmation } = await replayed(`${COMMITS}.ts`, clicks([lag]), {
      property: 'commit-regression',
      provider: nobody,
    })
    expect(outcomeOf(confirmation)).toBe('undecided')
    expect(confirmationWords(confirmation)).toBe(
      "can't be replayed on a real cluster: replica-lag has no counterpart there: the traffic between brokers goes through no gate",
    )
  })
})
