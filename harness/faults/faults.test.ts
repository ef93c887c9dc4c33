import { readFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { exactlyOnce } from '../../properties/index.ts'
import { FAULT_FAMILIES, FAULT_KINDS, type Fault, type FaultKind } from '../core/fault.ts'
import { FAMILY_NAMES, familyOf } from '../core/faults/families.ts'
import { FAULTS } from '../core/faults/index.ts'
import type { EventOf, HistoryEvent, ObservationKind } from '../core/history.ts'
import type { PreparedScenario, RunResult } from '../run/run.interface.ts'
import { prepareScenario } from '../scenario/prepare.ts'
import { handling, reportingConsumer } from '../scenario/testing/consumers.ts'
import { ledger, tellLedger } from '../scenario/testing/ledger.ts'

/** A fault of one kind, and the trace of it that the history of one run must show. */
interface FaultCase {
  readonly fault: Fault
  readonly brokers?: number
  /** Three brokers, each with a replica of everything. */
  readonly replicated?: boolean
  /** Brokers that ask for ACLs. */
  readonly guarded?: boolean
  /** A service beside the brokers, in which effects stand. */
  readonly served?: boolean
  readonly shows: (run: RunResult) => void
}

let one: PreparedScenario
let three: PreparedScenario
let replicated: PreparedScenario
let guarded: PreparedScenario
let served: PreparedScenario

const MAY_READ = 'allow User:ANONYMOUS Read Topic work'

beforeAll(async () => {
  const scenario = {
    name: 'reporting consumer',
    topics: { work: { partitions: 2 } },
    records: { work: 8 },
    consumers: 2,
    app: reportingConsumer,
    guarantee: exactlyOnce(),
  }
  one = await prepareScenario(scenario, { file: import.meta.filename })
  replicated = await prepareScenario(
    { ...scenario, brokers: 3, broker: { 'default.replication.factor': 3 } },
    { file: import.meta.filename },
  )
  three = await prepareScenario({ ...scenario, brokers: 3 }, { file: import.meta.filename })
  const acls = `${MAY_READ}; allow User:ANONYMOUS Read Group work-group`
  guarded = await prepareScenario(
    { ...scenario, broker: { 'onceover.acls': acls }, faults: ['access'] },
    { file: import.meta.filename },
  )
  served = await prepareScenario(
    {
      ...scenario,
      app: handling(({ topic, partition, offset }, context) =>
        tellLedger(context, `ADD ${topic}/${partition}@${offset}`),
      ),
      services: { ledger: ledger() },
      identity: ({ topic, partition, offset }) => `${topic}/${partition}@${offset}`,
      effects: { from: 'ledger', query: 'lines' },
    },
    { file: import.meta.filename },
  )
})

function scenarioOf({
  brokers = 1,
  replicated: copies,
  guarded: asks,
  served: serves,
}: Omit<FaultCase, 'fault' | 'shows'>): PreparedScenario {
  if (copies) return replicated
  if (asks) return guarded
  if (serves) return served
  return brokers === 1 ? one : three
}

function run(fault: Fault | null, of: Omit<FaultCase, 'fault' | 'shows'> = {}): Promise<RunResult> {
  return runAll(fault === null ? [] : [fault], of)
}

function runAll(faults: readonly Fault[], of: Omit<FaultCase, 'fault' | 'shows'> = {}): Promise<RunResult> {
  const prepared = scenarioOf(of)
  const workload = prepared.workload('faults')
  return prepared.run({ seed: 'faults', workload, faults, holds: [] }, { stopAt: 'end' })
}

function all<Kind extends ObservationKind>({ history }: RunResult, kind: Kind): EventOf<Kind>[] {
  return history.events.filter((event): event is HistoryEvent & EventOf<Kind> => event.kind === kind)
}

function begins(run: RunResult): EventOf<'fault'> {
  const found = all(run, 'fault').find(({ phase }) => phase === 'begins')
  if (found === undefined) throw new Error(`the fault never began: ${JSON.stringify(run.skipped)}`)
  return found
}

/** The session of consumer-0 expires between the fault's begin and its end. */
function expelledMeanwhile(run: RunResult): void {
  const ends = all(run, 'fault').find(({ phase }) => phase === 'ends')
  const expelled = all(run, 'member-removed').filter(({ reason }) => reason === 'session-expired')
  expect(expelled).toMatchObject([{ process: 'consumer-0' }])
  expect(expelled[0]?.seq).toBeGreaterThan(begins(run).seq)
  expect(expelled[0]?.seq).toBeLessThan(ends?.seq ?? 0)
}

/** Milliseconds from the first event that matches to the next one that matches. */
function gapMs(
  events: readonly HistoryEvent[],
  from: (event: HistoryEvent) => boolean,
  to: (event: HistoryEvent) => boolean,
): number {
  const first = events.find(from)
  const second = events.find((event) => event.seq > (first?.seq ?? 0) && to(event))
  return ((second?.timeUs ?? Number.NaN) - (first?.timeUs ?? Number.NaN)) / 1000
}

const isRequest =
  (api: string, ordinal: number, phase: string) =>
  (event: HistoryEvent): boolean =>
    event.kind === 'request' &&
    event.process === 'consumer-0' &&
    event.api === api &&
    event.ordinal === ordinal &&
    event.phase === phase
const phasesOf = (run: RunResult, api: string, ordinal: number): string[] =>
  all(run, 'request')
    .filter((event) => event.process === 'consumer-0' && event.api === api && event.ordinal === ordinal)
    .map(({ phase }) => phase)

const added = 'consumer-0 ledger ADD#1'
const atAdd = { event: `${added} sent` }
const callsOf = (run: RunResult, ordinal: number): string[] =>
  all(run, 'call')
    .filter((event) => event.process === 'consumer-0' && event.ordinal === ordinal)
    .map(({ phase }) => phase)
/** How often the first record of `consumer-0` came to stand in the ledger. */
const stoodTimes = (run: RunResult): number => {
  const effects = all(run, 'effect')
  const first = effects.find(({ call }) => call?.startsWith('consumer-0 '))
  return effects.filter(({ partition, offset }) => partition === first?.partition && offset === first.offset)
    .length
}

const commit = 'consumer-0 OffsetCommit#1'
const atCommit = { event: `${commit} sent` }

const CASES: { readonly [Kind in FaultKind]: FaultCase } = {
  crash: {
    fault: { kind: 'crash', target: 'consumer-0', at: { event: `${commit} applied` }, restartMs: 2_000 },
    shows: (run) => {
      expect(all(run, 'process-crashed')).toMatchObject([{ process: 'consumer-0', incarnation: 1 }])
      expect(
        gapMs(
          run.history.events,
          ({ kind }) => kind === 'process-crashed',
          ({ kind }) => kind === 'process-started',
        ),
      ).toBe(2_000)
      expect(all(run, 'member-removed').map(({ reason }) => reason)).toContain('session-expired')
    },
  },
  pause: {
    fault: {
      kind: 'pause',
      target: 'consumer-0',
      at: { event: 'consumer-0 Heartbeat#1 sent' },
      durationMs: 45_000,
    },
    shows: (run) => {
      expect(
        gapMs(
          run.history.events,
          ({ kind }) => kind === 'process-paused',
          ({ kind }) => kind === 'process-resumed',
        ),
      ).toBe(45_000)
      expect(all(run, 'member-removed').map(({ reason }) => reason)).toContain('session-expired')
    },
  },
  'graceful-restart': {
    fault: {
      kind: 'graceful-restart',
      target: 'consumer-0',
      at: { event: `${commit} applied` },
      restartMs: 1_000,
    },
    shows: (run) => {
      expect(all(run, 'process-exited')).toMatchObject([{ process: 'consumer-0', code: 0, asked: true }])
      expect(all(run, 'member-removed')).toMatchObject([{ process: 'consumer-0', reason: 'left' }])
      expect(all(run, 'process-started').filter(({ process }) => process === 'consumer-0')).toHaveLength(2)
    },
  },
  join: {
    fault: { kind: 'join', target: 'consumer-2', at: { event: `${commit} applied` } },
    shows: (run) => expect(all(run, 'member-joined').map(({ process }) => process)).toContain('consumer-2'),
  },
  leave: {
    fault: { kind: 'leave', target: 'consumer-0', at: { event: `${commit} applied` } },
    shows: (run) =>
      expect(all(run, 'member-removed')).toMatchObject([{ process: 'consumer-0', reason: 'left' }]),
  },
  'slow-handler': {
    fault: { kind: 'slow-handler', target: 'work/0@2', at: { atMs: 0 }, durationMs: 4_000 },
    shows: (run) => {
      const about =
        (kind: string) =>
        (event: HistoryEvent): boolean =>
          event.kind === kind &&
          'offset' in event &&
          'partition' in event &&
          event.offset === 2n &&
          event.partition === 0
      expect(gapMs(run.history.events, about('handler-start'), about('effect'))).toBeGreaterThanOrEqual(4_000)
    },
  },
  'handler-error': {
    fault: { kind: 'handler-error', target: 'work/0@2', at: { atMs: 0 }, times: 'once' },
    shows: (run) => expect(all(run, 'handler-failure')).toMatchObject([{ partition: 0, offset: 2n }]),
  },
  'malformed-record': {
    fault: { kind: 'malformed-record', target: 'work/0@2', at: { atMs: 0 } },
    shows: (run) => {
      const values = all(run, 'append')
        .filter(({ partition }) => partition === 0)
        .map(({ value }) => value ?? '')
      expect(values.map((value) => value.endsWith('}'))).toEqual([true, true, false, true])
    },
  },
  'link-latency': {
    fault: {
      kind: 'link-latency',
      target: 'consumer-0~broker-0',
      at: { atMs: 0 },
      extraMs: 300,
      durationMs: 60_000,
    },
    shows: (run) =>
      expect(
        gapMs(run.history.events, isRequest('JoinGroup', 1, 'sent'), isRequest('JoinGroup', 1, 'received')),
      ).toBeGreaterThan(300),
  },
  'link-cut': {
    fault: {
      kind: 'link-cut',
      target: 'consumer-0~broker-0',
      at: { event: 'consumer-0 Heartbeat#1 sent' },
      durationMs: 2_000,
    },
    shows: (run) =>
      expect(
        gapMs(
          run.history.events,
          isRequest('Heartbeat', 1, 'sent'),
          isRequest('Heartbeat', 1, 'acknowledged'),
        ),
      ).toBeGreaterThan(2_000),
  },
  'link-reset': {
    fault: { kind: 'link-reset', target: 'consumer-0~broker-0', at: { event: `${commit} sent` } },
    shows: (run) => expect(phasesOf(run, 'OffsetCommit', 1)).toContain('lost'),
  },
  'link-refuse': {
    fault: { kind: 'link-refuse', target: 'consumer-0~broker-0', at: { atMs: 0 }, durationMs: 5_000 },
    shows: (run) => {
      const joined = all(run, 'member-joined').find(({ process }) => process === 'consumer-0')
      expect(joined?.timeUs).toBeGreaterThan(5_000_000)
    },
  },
  'request-lost': {
    fault: { kind: 'request-lost', target: commit, at: atCommit },
    shows: (run) => {
      expect(phasesOf(run, 'OffsetCommit', 1)).not.toContain('applied')
      expect(
        all(run, 'commit').filter(({ process, ordinal }) => process === 'consumer-0' && ordinal === 1),
      ).toEqual([])
    },
  },
  'answer-lost': {
    fault: { kind: 'answer-lost', target: commit, at: atCommit },
    shows: (run) => {
      const phases = phasesOf(run, 'OffsetCommit', 1)
      expect(phases).toContain('applied')
      expect(phases).not.toContain('acknowledged')
      const commits = all(run, 'commit').filter(
        ({ process, ordinal }) => process === 'consumer-0' && ordinal === 1,
      )
      expect(commits.map(({ phase }) => phase)).not.toContain('acknowledged')
    },
  },
  'request-delayed': {
    fault: { kind: 'request-delayed', target: commit, at: atCommit, durationMs: 3_000 },
    shows: (run) =>
      expect(
        gapMs(
          run.history.events,
          isRequest('OffsetCommit', 1, 'received'),
          isRequest('OffsetCommit', 1, 'applied'),
        ),
      ).toBe(3_000),
  },
  'answer-delayed': {
    fault: { kind: 'answer-delayed', target: commit, at: atCommit, durationMs: 3_000 },
    shows: (run) =>
      expect(
        gapMs(
          run.history.events,
          isRequest('OffsetCommit', 1, 'applied'),
          isRequest('OffsetCommit', 1, 'acknowledged'),
        ),
      ).toBeGreaterThanOrEqual(3_000),
  },
  'disconnect-before': {
    fault: { kind: 'disconnect-before', target: commit, at: atCommit },
    shows: (run) => expect(phasesOf(run, 'OffsetCommit', 1)).toEqual(['sent', 'received', 'lost']),
  },
  'disconnect-after': {
    fault: { kind: 'disconnect-after', target: commit, at: atCommit },
    shows: (run) => expect(phasesOf(run, 'OffsetCommit', 1)).toEqual(['sent', 'received', 'applied', 'lost']),
  },
  'request-error': {
    fault: { kind: 'request-error', target: commit, at: atCommit, error: 'COORDINATOR_LOAD_IN_PROGRESS' },
    shows: (run) => {
      const applied = all(run, 'request').find(isRequest('OffsetCommit', 1, 'applied'))
      expect(applied?.error).toBe('COORDINATOR_LOAD_IN_PROGRESS')
    },
  },
  throttle: {
    fault: {
      kind: 'throttle',
      target: 'consumer-0~broker-0',
      at: { event: 'consumer-0 Heartbeat#1 sent' },
      throttleMs: 12_000,
      durationMs: 60_000,
    },
    shows: (run) => {
      // kafkajs has one connection for fetches and one for all else; that one is muted, and waited
      // with by kafkajs, too.
      const { seq } = begins(run)
      const taken = all(run, 'request').filter(
        (event) =>
          event.seq > seq &&
          event.process === 'consumer-0' &&
          event.api !== 'Fetch' &&
          event.phase === 'received',
      )
      const gaps = taken.slice(1).map((event, index) => (event.timeUs - (taken[index]?.timeUs ?? 0)) / 1000)
      expect(gaps.filter((ms) => ms >= 12_000).length).toBeGreaterThanOrEqual(3)
      expect(gaps.filter((ms) => ms < 12_000).length).toBeGreaterThanOrEqual(2)
    },
  },
  'acl-revoked': {
    guarded: true,
    fault: {
      kind: 'acl-revoked',
      target: MAY_READ,
      at: { event: 'consumer-0 Fetch#1 sent' },
      durationMs: 10_000,
    },
    shows: (run) => {
      const { seq } = begins(run)
      const until = all(run, 'fault').find(({ phase }) => phase === 'ends')?.seq ?? 0
      const refused = all(run, 'request').filter(({ error }) => error === 'TOPIC_AUTHORIZATION_FAILED')
      expect(refused.length).toBeGreaterThan(0)
      for (const each of refused) {
        expect(each.seq).toBeGreaterThan(seq)
        expect(each.phase === 'applied' && each.seq > until).toBe(false)
      }
    },
  },
  'records-deleted': {
    fault: { kind: 'records-deleted', target: 'work/0', at: { event: 'consumer-0 Fetch#1 sent' } },
    shows: (run) => {
      expect(all(run, 'log-start')).toMatchObject([{ topic: 'work', partition: 0, offset: 4n }])
      expect(all(run, 'handler-start').filter(({ partition }) => partition === 0)).toEqual([])
      expect(run.verdict.verdict).toBe('held')
    },
  },
  'offsets-reset': {
    fault: {
      kind: 'offsets-reset',
      target: 'work-group',
      at: { event: 'consumer-0 process end work/0@1' },
      to: 'earliest',
      durationMs: 10_000,
    },
    // Everybody leaves, and begins again from the beginning: twice is what an operator asked for.
    shows: (run) => {
      expect(all(run, 'offset-set').map(({ by, partition, offset }) => [by, partition, offset])).toEqual([
        ['operator', 0, 0n],
        ['operator', 1, 0n],
      ])
      const [set] = all(run, 'offset-set')
      const left = all(run, 'member-removed').filter(({ seq }) => seq < (set?.seq ?? 0))
      expect(new Set(left.map(({ process }) => process)).size).toBe(2)
      const started = all(run, 'process-started').filter(({ seq }) => seq > (set?.seq ?? 0))
      expect(started.map(({ process, timeUs }) => [process, timeUs])).toEqual([
        ['consumer-0', set?.timeUs],
        ['consumer-1', set?.timeUs],
      ])
      const again = all(run, 'handler-start').filter(({ seq }) => seq > (set?.seq ?? 0))
      expect(again.map(({ partition, offset }) => `${partition}@${offset}`).sort()).toEqual(
        [0, 1].flatMap((partition) => [0, 1, 2, 3].map((offset) => `${partition}@${offset}`)),
      )
      expect(new Set(run.verdict.violations.map(({ property }) => property))).toEqual(
        new Set(['duplicate-effect']),
      )
    },
  },
  'group-deleted': {
    fault: {
      kind: 'group-deleted',
      target: 'work-group',
      at: { event: 'consumer-0 OffsetCommit#1 applied' },
      durationMs: 10_000,
    },
    shows: (run) => {
      const removed = all(run, 'offset-removed')
      expect(removed.map(({ reason }) => reason)).toContain('group deleted')
      const told = all(run, 'offset-fetched').filter(({ seq }) => seq > (removed[0]?.seq ?? 0))
      expect(told.map(({ offset }) => offset)).toContain(-1n)
    },
  },
  'topic-configured': {
    fault: {
      kind: 'topic-configured',
      target: 'work',
      at: { event: 'consumer-0 process end work/0@1' },
      config: 'retention.ms=1000',
      durationMs: 330_000,
    },
    shows: (run) => {
      const { seq } = begins(run)
      const deleted = all(run, 'log-start')
      expect(deleted.map(({ partition }) => partition).toSorted()).toEqual([0, 1])
      for (const each of deleted) expect(each.seq).toBeGreaterThan(seq)
    },
  },
  'topic-late': {
    fault: { kind: 'topic-late', target: 'work', at: { atMs: 0 }, durationMs: 10_000 },
    shows: (run) => {
      const ends = all(run, 'fault').find(({ phase }) => phase === 'ends')
      const appended = all(run, 'append').filter(({ topic }) => topic === 'work')
      expect(appended.length).toBe(8)
      for (const { seq, timeUs } of appended) {
        expect(seq).toBeLessThan(ends?.seq ?? 0)
        expect(timeUs).toBe(10_000_000)
      }
      expect(all(run, 'effect').length).toBe(8)
    },
  },
  'topic-recreated': {
    fault: { kind: 'topic-recreated', target: 'work', at: { event: 'consumer-0 process end work/0@1' } },
    shows: (run) => {
      const { seq } = begins(run)
      expect(all(run, 'truncated').map(({ partition, offset }) => [partition, offset])).toEqual([
        [0, 0n],
        [1, 0n],
      ])
      expect(all(run, 'topic-deleted')).toHaveLength(1)
      expect(all(run, 'topic-created')).toHaveLength(2)
      const again = all(run, 'effect').filter((event) => event.seq > seq)
      expect(again.map(({ partition, offset }) => `${partition}@${offset}`)).toEqual(
        expect.arrayContaining(['0@0', '1@0']),
      )
      expect(run.verdict.verdict).toBe('held')
    },
  },
  'broker-down': {
    brokers: 3,
    fault: {
      kind: 'broker-down',
      target: 'broker-1',
      at: { event: 'consumer-0 Heartbeat#1 sent' },
      durationMs: 10_000,
    },
    shows: (run) => {
      const { seq } = begins(run)
      const until = all(run, 'fault').find(({ phase }) => phase === 'ends')?.seq ?? 0
      const served = all(run, 'request').filter(
        (event) => event.broker === 'broker-1' && event.phase === 'received',
      )
      expect(served.some((event) => event.seq > seq && event.seq < until)).toBe(false)
    },
  },
  'broker-crash': {
    replicated: true,
    fault: { kind: 'broker-crash', target: 'broker-0', at: { atMs: 0 }, durationMs: 10_000 },
    shows: (run) => {
      expect(all(run, 'truncated')).toMatchObject([{ topic: 'work', partition: 0, offset: 0n }])
      const until = all(run, 'fault').find(({ phase }) => phase === 'ends')?.seq ?? 0
      const served = all(run, 'request').filter(
        ({ broker, phase }) => broker === 'broker-0' && phase === 'received',
      )
      expect(served.some(({ seq }) => seq > begins(run).seq && seq < until)).toBe(false)
    },
  },
  'replica-lag': {
    replicated: true,
    fault: { kind: 'replica-lag', target: 'broker-1', at: { atMs: 0 }, durationMs: 6_000 },
    shows: (run) => {
      const starts = all(run, 'handler-start').filter(({ partition }) => partition === 0)
      expect(starts.length).toBeGreaterThan(0)
      for (const { timeUs } of starts) expect(timeUs).toBeGreaterThan(6_000_000)
    },
  },
  'controller-cut': {
    replicated: true,
    fault: {
      kind: 'controller-cut',
      target: 'broker-0',
      at: { event: 'consumer-0 OffsetCommit#1 sent' },
      durationMs: 45_000,
    },
    // Two brokers coordinate the group: one expels the members, which are alive for the other until
    // it hears.
    shows: (run) => {
      const expelled = all(run, 'member-removed').find(({ reason }) => reason === 'session-expired')
      expect(expelled?.process).toBe('consumer-0')
      const answers = all(run, 'request').filter(
        ({ api, phase, process, seq }) =>
          api === 'Heartbeat' &&
          phase === 'applied' &&
          process === 'consumer-0' &&
          seq > (expelled?.seq ?? 0),
      )
      expect(answers[0]).toMatchObject({ broker: 'broker-0', error: null })
      expect(answers.map(({ error }) => error)).toContain('NOT_COORDINATOR')
    },
  },
  'unclean-election': {
    replicated: true,
    fault: { kind: 'unclean-election', target: 'work/0', at: { atMs: 0 } },
    shows: (run) =>
      expect(all(run, 'truncated')).toMatchObject([{ topic: 'work', partition: 0, offset: 0n }]),
  },
  'leader-moved': {
    brokers: 3,
    fault: { kind: 'leader-moved', target: 'work/0', at: { event: 'consumer-0 Fetch#1 sent' } },
    shows: (run) => {
      const brokers = new Set(
        all(run, 'fetched')
          .filter(({ partition }) => partition === 0)
          .map(({ broker }) => broker),
      )
      expect(brokers.size).toBeGreaterThanOrEqual(1)
      const errors = all(run, 'request')
        .filter(({ api }) => api === 'Fetch')
        .map(({ error }) => error)
      expect(errors).toContain('NOT_LEADER_OR_FOLLOWER')
    },
  },
  'coordinator-moved': {
    brokers: 3,
    fault: { kind: 'coordinator-moved', target: 'work-group', at: { event: 'consumer-0 Heartbeat#1 sent' } },
    shows: (run) => {
      const errors = all(run, 'request').map(({ error }) => error)
      expect(errors).toContain('NOT_COORDINATOR')
    },
  },
  'partitions-added': {
    fault: {
      kind: 'partitions-added',
      target: 'work',
      at: { event: 'consumer-0 Heartbeat#1 sent' },
      count: 1,
    },
    shows: (run) => {
      expect(all(run, 'partitions-added')).toMatchObject([{ topic: 'work', partitions: 3 }])
      // It is the last of the scenario's own records.
      expect(all(run, 'append').map(({ partition, value }) => [partition, value])).toContainEqual([
        2,
        JSON.stringify({ id: 'work-7' }),
      ])
      expect(all(run, 'append')).toHaveLength(8)
    },
  },
  'effect-error': {
    fault: { kind: 'effect-error', target: 'work/0@2', at: { atMs: 0 }, times: 'once' },
    shows: (run) => {
      expect(all(run, 'effect-failure')).toMatchObject([{ partition: 0, offset: 2n }])
      expect(all(run, 'handler-failure')).toMatchObject([{ partition: 0, offset: 2n }])
    },
  },
  'clock-jump': {
    fault: {
      kind: 'clock-jump',
      target: 'consumer-0',
      at: { event: 'consumer-0 OffsetCommit#1 acknowledged' },
      byMs: -3_600_000,
      durationMs: 70_000,
    },
    // kafkajs sends a heartbeat once its last is some time ago by the wall clock: an hour back,
    // and it sends none.
    shows: expelledMeanwhile,
  },
  'clock-drift': {
    fault: {
      kind: 'clock-drift',
      target: 'consumer-0',
      at: { event: 'consumer-0 OffsetCommit#1 acknowledged' },
      gainedMsPerSecond: -950,
      durationMs: 70_000,
    },
    // 3 s of the wall clock from one heartbeat to the next are a minute.
    shows: expelledMeanwhile,
  },
  'effect-ack-lost': {
    fault: { kind: 'effect-ack-lost', target: 'work/0@2', at: { atMs: 0 } },
    shows: (run) => {
      const effects = all(run, 'effect').filter(({ partition, offset }) => partition === 0 && offset === 2n)
      expect(effects.length).toBeGreaterThanOrEqual(2)
    },
  },
  'service-answer-lost': {
    fault: { kind: 'service-answer-lost', target: added, at: atAdd },
    served: true,
    shows: (run) => {
      expect(callsOf(run, 1)).toEqual(['sent', 'received', 'applied', 'lost'])
      expect(all(run, 'handler-failure')).toHaveLength(1)
      expect(stoodTimes(run)).toBe(2)
    },
  },
  'service-error': {
    fault: { kind: 'service-error', target: added, at: atAdd, error: '503', times: 3 },
    served: true,
    shows: (run) => {
      const refused = all(run, 'call').filter(({ phase, error }) => phase === 'applied' && error !== null)
      expect(refused.map(({ process, ordinal, error }) => `${process} ${ordinal} ${error}`)).toEqual([
        'consumer-0 1 503',
        'consumer-0 2 503',
        'consumer-0 3 503',
      ])
      expect(all(run, 'handler-failure')[0]?.error).toBe('Error: the ledger answers 503')
      expect(stoodTimes(run)).toBe(1)
    },
  },
  'service-disconnect': {
    fault: { kind: 'service-disconnect', target: added, at: atAdd, times: 2 },
    served: true,
    shows: (run) => {
      for (const ordinal of [1, 2]) expect(callsOf(run, ordinal)).toEqual(['sent', 'received', 'lost'])
      expect(all(run, 'handler-failure')).toHaveLength(2)
      expect(stoodTimes(run)).toBe(1)
    },
  },
  'service-down': {
    fault: { kind: 'service-down', target: 'ledger', at: atAdd, durationMs: 2_000 },
    served: true,
    shows: (run) => {
      expect(all(run, 'handler-failure').length).toBeGreaterThan(1)
      expect(all(run, 'fault').map(({ phase }) => phase)).toEqual(['begins', 'ends'])
      const { events } = run.history
      const up = (event: HistoryEvent): boolean => event.kind === 'call' && event.phase === 'applied'
      expect(gapMs(events, ({ kind }) => kind === 'fault', up)).toBeGreaterThan(2_000)
      expect(stoodTimes(run)).toBe(1)
    },
  },
  'service-slow': {
    fault: { kind: 'service-slow', target: added, at: atAdd, durationMs: 2_000 },
    served: true,
    shows: (run) => {
      const of = (phase: string) => (event: HistoryEvent) =>
        event.kind === 'call' &&
        event.process === 'consumer-0' &&
        event.ordinal === 1 &&
        event.phase === phase
      const { events } = run.history
      expect(gapMs(events, of('received'), of('applied'))).toBe(0)
      expect(gapMs(events, of('applied'), of('acknowledged'))).toBeGreaterThan(2_000)
    },
  },
}

describe('faults', () => {
  it.each(FAULT_KINDS)('%s shows its effect in the history', async (kind) => {
    const { fault, shows, ...of } = CASES[kind]
    const result = await run(fault, of)
    begins(result)
    expect(result.skipped).toEqual([])
    shows(result)
  })

  it('request-error strikes so many requests of one sort in a row', async () => {
    const result = await run({
      kind: 'request-error',
      target: 'consumer-0 Heartbeat#1',
      at: { event: 'consumer-0 Heartbeat#1 sent' },
      error: 'COORDINATOR_NOT_AVAILABLE',
      times: 3,
    })
    const refused = all(result, 'request').filter(
      ({ phase, error }) => phase === 'applied' && error === 'COORDINATOR_NOT_AVAILABLE',
    )
    expect(refused.map(({ api, ordinal }) => `${api}#${ordinal}`)).toEqual([
      'Heartbeat#1',
      'Heartbeat#2',
      'Heartbeat#3',
    ])
  })

  it.each([
    // kafkajs gives up a JoinGroup after one, and a Heartbeat after several.
    { api: 'JoinGroup', atLeast: 1 },
    { api: 'Heartbeat', atLeast: 4 },
  ])('request-error until the client gives up its $api ends with that', async ({ api, atLeast }) => {
    const error = 'COORDINATOR_NOT_AVAILABLE'
    const target = `consumer-0 ${api}#1`
    const at = { event: `${target} sent` }
    const result = await run({ kind: 'request-error', target, at, error, times: 'until-given-up' })
    const answers = all(result, 'request').filter(
      (each) => each.api === api && each.phase === 'applied' && each.process === 'consumer-0',
    )
    const given = all(result, 'consumer-crashed')[0]?.seq ?? 0
    const before = answers.filter(({ seq }) => seq < given)
    expect(before.length).toBeGreaterThanOrEqual(atLeast)
    expect(new Set(before.map((each) => each.error))).toEqual(new Set([error]))
    expect(answers.slice(before.length).map((each) => each.error)).not.toContain(error)
    expect(all(result, 'consumer-crashed')).toHaveLength(1)
  })

  it('service-error until the client gives up ends with that', async () => {
    const error = '503'
    const result = await run(
      { kind: 'service-error', target: added, at: atAdd, error, times: 'until-given-up' },
      { served: true },
    )
    const refused = all(result, 'call').filter((call) => call.phase === 'applied' && call.error === error)
    expect(refused.length).toBeGreaterThan(3)
    expect(new Set(refused.map(({ process }) => process))).toEqual(new Set(['consumer-0']))
    const [given] = [...all(result, 'consumer-crashed'), ...all(result, 'process-exited')]
    expect(refused.at(-1)?.seq).toBeLessThan(given?.seq ?? 0)
    expect(all(result, 'effect')).toHaveLength(8)
  })

  it('handler-error until the client gives up ends with that', async () => {
    const result = await run({
      kind: 'handler-error',
      target: 'work/0@2',
      at: { atMs: 0 },
      times: 'until-given-up',
    })
    const failures = all(result, 'handler-failure').length
    expect(failures).toBeGreaterThan(3)
    const [given] = [...all(result, 'consumer-crashed'), ...all(result, 'process-exited')]
    const last = all(result, 'handler-failure').at(-1)
    expect(last?.seq).toBeLessThan(given?.seq ?? 0)
    expect(result.verdict.verdict).toBe('held')
  })

  it('a run without faults shows none of this', async () => {
    const result = await run(null)
    expect(result.verdict).toMatchObject({ verdict: 'held' })
    for (const kind of [
      'fault',
      'process-crashed',
      'process-paused',
      'handler-failure',
      'effect-failure',
    ] as const) {
      expect(all(result, kind)).toEqual([])
    }
  })

  it('a fault at an event that never happens is skipped and reported', async () => {
    const never = { event: 'consumer-0 OffsetCommit#999 sent' }
    const result = await run({ kind: 'crash', target: 'consumer-0', at: never, restartMs: 100 })
    expect(result.skipped).toMatchObject([{ index: 0, kind: 'crash' }])
  })

  it.each(FAULT_FAMILIES.replication)('%s is skipped where there is one copy of everything', async (kind) => {
    const fault = { kind, target: 'broker-1', at: { atMs: 0 }, durationMs: 100 } as Fault
    const result = await run(fault, { brokers: 3 })
    expect(result.skipped).toMatchObject([{ index: 0, kind, reason: 'there is one copy of everything' }])
    expect([one, three].flatMap(({ faultKinds }) => faultKinds)).not.toContain(kind)
    expect(replicated.faultKinds).toContain(kind)
  })

  it('acl-revoked is skipped where there is no such ACL, and refused where there are none at all', async () => {
    const fault: Fault = {
      kind: 'acl-revoked',
      target: 'allow User:alice Read Topic work',
      at: { atMs: 0 },
      durationMs: 100,
    }
    expect((await run(fault, { guarded: true })).skipped).toMatchObject([
      { reason: "there is no ACL 'allow User:alice Read Topic work'" },
    ])
    expect((await run(fault)).skipped).toMatchObject([
      { reason: 'these brokers ask nobody: the setting onceover.acls is empty' },
    ])
    expect(guarded.faultKinds).toEqual(['acl-revoked'])
    expect(guarded.acls).toEqual([MAY_READ, 'allow User:ANONYMOUS Read Group work-group'])
    const asking = prepareScenario(
      {
        name: 'no ACLs',
        topics: { work: { partitions: 1 } },
        records: { work: 1 },
        app: reportingConsumer,
        guarantee: exactlyOnce(),
        faults: ['acl-revoked'],
      },
      { file: import.meta.filename },
    )
    await expect(asking).rejects.toThrow("asks for the fault 'acl-revoked' and has no ACL to take away")
  })

  it('topic-configured is skipped where the topic has the configuration already, which would stay', async () => {
    const { fault } = CASES['topic-configured']
    const result = await runAll([fault, fault])
    expect(result.skipped).toMatchObject([{ index: 1, reason: 'work had retention.ms=1000 already' }])
    expect(all(result, 'fault').map(({ index, phase }) => [index, phase])).toEqual([
      [0, 'begins'],
      [1, 'begins'],
      [0, 'ends'],
    ])
  })

  it('topic-late: one that the app has made meanwhile gets the partitions that it should have', async () => {
    const result = await run(CASES['topic-late'].fault)
    const made = all(result, 'topic-created').filter(({ topic }) => topic === 'work')
    // Kafka makes a topic with `num.partitions`, 1, for a client that asks for one by its name.
    expect(made).toMatchObject([{ partitions: 1 }])
    expect(made[0]?.timeUs).toBeLessThan(10_000_000)
    expect(all(result, 'partitions-added')).toMatchObject([{ timeUs: 10_000_000, partitions: 2 }])
  })

  it('topic-late: records with a later time of their own come at that time', async () => {
    const prepared = await prepareScenario(
      {
        name: 'late topic',
        topics: { work: { partitions: 1 } },
        records: { work: [{ value: 'b', atMs: 20_000 }, { value: 'a' }, { value: 'c', atMs: 5_000 }] },
        app: reportingConsumer,
        guarantee: exactlyOnce(),
      },
      { file: import.meta.filename },
    )
    const times = async (durationMs: number): Promise<unknown> => {
      const fault = { kind: 'topic-late', target: 'work', at: { atMs: 0 }, durationMs } as const
      const workload = prepared.workload('late')
      const result = await prepared.run({ seed: 'late', workload, faults: [fault], holds: [] })
      return all(result, 'append').map(({ value, timeUs }) => [value, timeUs / 1_000])
    }
    expect(await times(10_000)).toEqual([
      ['a', 10_000],
      ['c', 10_000],
      ['b', 20_000],
    ])
    expect(await times(330_000)).toEqual([
      ['a', 330_000],
      ['c', 330_000],
      ['b', 330_000],
    ])
  })

  it('topic-late: where its moment never comes, the topic is made in the drain', async () => {
    const { fault } = CASES['topic-late']
    const result = await run({ ...fault, at: { event: 'consumer-9 process end work/0@1' } })
    expect(result.skipped).toHaveLength(1)
    expect(all(result, 'append').filter(({ topic }) => topic === 'work')).toHaveLength(8)
    expect(all(result, 'effect')).toHaveLength(8)
  })

  it('topic-late is skipped where a group has begun in the topic', async () => {
    const prepared = await prepareScenario(
      {
        name: 'begun',
        topics: { work: { partitions: 1 } },
        records: { work: 3 },
        groups: { 'work-group': { 'work/0': 1n } },
        app: reportingConsumer,
        guarantee: exactlyOnce(),
      },
      { file: import.meta.filename },
    )
    const { fault } = CASES['topic-late']
    const workload = prepared.workload('begun')
    const { skipped } = await prepared.run({ seed: 'begun', workload, faults: [fault], holds: [] })
    expect(skipped).toMatchObject([{ reason: 'the topic work has to be there from the start' }])
  })

  it('stand in the README as they are defined', () => {
    const readme = readFileSync(path.join(import.meta.dirname, 'README.md'), 'utf8')
    const rows = readme.split('\n').filter((line) => /^\| \w+ \| `/.test(line))
    expect(rows).toEqual(
      FAULTS.map(
        ({ family, kind, target, effect }) => `| ${family} | \`${kind}\` | ${target.what} | ${effect} |`,
      ),
    )
  })

  it('are on by default but for the families that the README names', () => {
    const asked = FAMILY_NAMES.filter((name) => familyOf(name).asked === true).map((name) => `\`${name}\``)
    const list = `${asked.slice(0, -1).join(', ')} and ${asked.at(-1)}`
    expect(readFileSync(path.join(import.meta.dirname, 'README.md'), 'utf8')).toContain(
      `Default: all families but ${list}.`,
    )
  })
})
