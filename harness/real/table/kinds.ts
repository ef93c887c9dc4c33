import path from 'node:path'
import { exactlyOnce } from '../../../properties/index.ts'
import type { Fault, FaultKind, FaultOfKind } from '../../core/fault.ts'
import { keysOf } from '../../core/lists.ts'
import type { Scenario } from '../../core/scenario.ts'
import { loadScenarioFile } from '../../scenario/load.ts'
import { TRANSLATIONS } from '../faults/index.ts'
import { orders } from '../replayed.ts'
import type { TableJob } from './row.ts'

const ROOT = path.resolve(import.meta.dirname, '../../..')
/** Awaits what it should, and says that it delivers each order exactly once, which it can't. */
const SERVICE = path.join(ROOT, 'scenarios/orders/orders-fixed.scenario.ts')
const ACLS = 'allow User:ANONYMOUS Read Topic orders; allow User:ANONYMOUS Read Group billing'
const PROCESS = 'consumer-0'
const LINK = `${PROCESS}~broker-0`
const COMMIT = `${PROCESS} OffsetCommit#1`

const STARTED = { event: `${PROCESS} process start orders/0@0` }
const WORKED = { event: `${PROCESS} process end orders/0@0` }
const COMMITTING = { event: `${COMMIT} sent` }
const COMMITTED = { event: `${COMMIT} applied` }
const AT_ONCE = { atMs: 0 }
/** Longer than a session. */
const LONG_MS = 35_000
const RESTART_MS = 100

interface Probe<Each extends Fault = Fault> {
  readonly fault: Each
  readonly brokers?: number
  readonly broker?: Scenario['broker']
}

/** A fault of each kind that has a counterpart, where that shows most. */
const PROBES: { readonly [Kind in FaultKind]?: Probe<FaultOfKind<Kind>> } = {
  'acl-revoked': {
    fault: {
      kind: 'acl-revoked',
      target: 'allow User:ANONYMOUS Read Group billing',
      at: COMMITTING,
      durationMs: 5_000,
    },
    broker: { 'onceover.acls': ACLS },
  },
  'answer-delayed': {
    fault: { kind: 'answer-delayed', target: COMMIT, at: COMMITTING, durationMs: LONG_MS },
  },
  'answer-lost': { fault: { kind: 'answer-lost', target: COMMIT, at: COMMITTING } },
  'broker-down': {
    fault: { kind: 'broker-down', target: 'broker-0', at: COMMITTING, durationMs: 10_000 },
    brokers: 3,
  },
  'controller-cut': {
    fault: { kind: 'controller-cut', target: 'broker-0', at: STARTED, durationMs: 20_000 },
    brokers: 3,
  },
  'coordinator-moved': {
    fault: { kind: 'coordinator-moved', target: 'billing', at: COMMITTING },
    brokers: 3,
  },
  crash: { fault: { kind: 'crash', target: PROCESS, at: WORKED, restartMs: RESTART_MS } },
  'disconnect-after': { fault: { kind: 'disconnect-after', target: COMMIT, at: COMMITTING } },
  'disconnect-before': { fault: { kind: 'disconnect-before', target: COMMIT, at: COMMITTING } },
  'effect-ack-lost': { fault: { kind: 'effect-ack-lost', target: 'orders/0@0', at: STARTED } },
  'effect-error': {
    fault: { kind: 'effect-error', target: 'orders/0@1', at: STARTED, times: 'once' },
  },
  'graceful-restart': {
    fault: { kind: 'graceful-restart', target: PROCESS, at: STARTED, restartMs: RESTART_MS },
  },
  'handler-error': {
    fault: { kind: 'handler-error', target: 'orders/0@0', at: AT_ONCE, times: 'once' },
  },
  join: { fault: { kind: 'join', target: 'consumer-1', at: STARTED } },
  'leader-moved': {
    fault: { kind: 'leader-moved', target: 'orders/0', at: COMMITTING },
    brokers: 3,
  },
  leave: { fault: { kind: 'leave', target: PROCESS, at: STARTED } },
  'link-cut': { fault: { kind: 'link-cut', target: LINK, at: COMMITTING, durationMs: LONG_MS } },
  'link-latency': {
    fault: { kind: 'link-latency', target: LINK, at: COMMITTING, extraMs: 5_000, durationMs: 30_000 },
  },
  'link-refuse': {
    fault: { kind: 'link-refuse', target: LINK, at: COMMITTING, durationMs: LONG_MS },
  },
  'link-reset': { fault: { kind: 'link-reset', target: LINK, at: COMMITTING } },
  'malformed-record': { fault: { kind: 'malformed-record', target: 'orders/0@1', at: AT_ONCE } },
  'partitions-added': { fault: { kind: 'partitions-added', target: 'orders', at: STARTED, count: 1 } },
  pause: { fault: { kind: 'pause', target: PROCESS, at: WORKED, durationMs: LONG_MS } },
  'offsets-reset': {
    fault: { kind: 'offsets-reset', target: 'billing', at: COMMITTED, to: 'earliest', durationMs: 10_000 },
  },
  'group-deleted': {
    fault: { kind: 'group-deleted', target: 'billing', at: COMMITTED, durationMs: 10_000 },
  },
  'records-deleted': { fault: { kind: 'records-deleted', target: 'orders/0', at: COMMITTED } },
  'request-delayed': {
    fault: { kind: 'request-delayed', target: COMMIT, at: COMMITTING, durationMs: LONG_MS },
  },
  'request-error': {
    fault: { kind: 'request-error', target: COMMIT, at: COMMITTING, error: 'NOT_COORDINATOR' },
  },
  'request-lost': { fault: { kind: 'request-lost', target: COMMIT, at: COMMITTING } },
  'slow-handler': {
    fault: { kind: 'slow-handler', target: 'orders/0@0', at: STARTED, durationMs: LONG_MS },
  },
  throttle: {
    fault: { kind: 'throttle', target: LINK, at: COMMITTING, throttleMs: 1_000, durationMs: 60_000 },
  },
  'topic-configured': {
    fault: {
      kind: 'topic-configured',
      target: 'orders',
      at: COMMITTED,
      config: 'max.message.bytes=1',
      durationMs: 10_000,
    },
  },
  'topic-late': { fault: { kind: 'topic-late', target: 'orders', at: { atMs: 0 }, durationMs: 10_000 } },
  'topic-recreated': { fault: { kind: 'topic-recreated', target: 'orders', at: COMMITTED } },
}

/** One job for each kind, or for these. */
export function kindJobs(only: readonly string[]): TableJob[] {
  const kinds = keysOf(TRANSLATIONS)
  return kinds.flatMap((kind) => {
    const probe: Probe | undefined = PROBES[kind]
    if (probe === undefined || (only.length > 0 && !only.includes(kind))) return []
    return [{ name: `kind ${kind}`, isProbe: true, load: () => loaded(probe) }]
  })
}

async function loaded({ fault, brokers = 1, broker }: Probe): ReturnType<TableJob['load']> {
  const [first] = await loadScenarioFile(SERVICE)
  if (first === undefined) throw new Error(`${SERVICE} has no scenario`)
  const scenario = { ...first.scenario, guarantee: exactlyOnce(), ...(broker && { broker }) }
  const plain = orders([fault])
  const schedule = { ...plain, workload: { ...plain.workload, brokers } }
  const violation = { property: 'duplicate-effect', message: '', events: [] } as const
  return { target: { counterexample: { schedule, violation }, scenario, file: SERVICE }, twin: null }
}
