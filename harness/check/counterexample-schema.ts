import { z } from 'zod'
import { COUNTEREXAMPLE_VERSION } from '../core/counterexample.ts'
import { type Fault, type FaultKind, INJECTABLE_ERRORS } from '../core/fault.ts'
import { STORY_MARKS } from '../core/story.ts'
import { PROPERTY_NAMES } from '../core/verdict.ts'
import type { Shape } from '../scenario/validate.ts'

const count = z.number().int().min(1)
const ms = z.number().min(0)
const bytes = z.union([z.string(), z.strictObject({ base64: z.string() })])
const moment = z.union([z.strictObject({ event: z.string().min(1) }), z.strictObject({ atMs: ms })])
const base = { target: z.string().min(1), at: moment }
const durationMs = ms
const times = z.enum(['once', 'always'])

type ExtraFields<Kind extends FaultKind> = Omit<Extract<Fault, { kind: Kind }>, 'kind' | 'target' | 'at'>

/** What each kind of fault has beside `kind`, `target` and `at`. A new kind does not compile until it is here. */
const EXTRA_FIELDS: { readonly [Kind in FaultKind]: Record<keyof ExtraFields<Kind>, z.ZodType> } = {
  crash: { restartMs: ms },
  pause: { durationMs },
  'graceful-restart': { restartMs: ms },
  join: {},
  leave: {},
  'slow-handler': { durationMs },
  'handler-error': { times },
  'malformed-record': {},
  'link-latency': { extraMs: ms, durationMs },
  'link-cut': { durationMs },
  'link-reset': {},
  'link-refuse': { durationMs },
  'request-lost': {},
  'answer-lost': {},
  'request-delayed': { durationMs },
  'answer-delayed': { durationMs },
  'disconnect-before': {},
  'disconnect-after': {},
  'request-error': { error: z.enum(INJECTABLE_ERRORS) },
  throttle: { throttleMs: ms, durationMs },
  'acl-revoked': { durationMs },
  'records-deleted': {},
  'topic-recreated': {},
  'broker-down': { durationMs },
  'broker-crash': { durationMs },
  'replica-lag': { durationMs },
  'controller-cut': { durationMs },
  'unclean-election': {},
  'leader-moved': {},
  'coordinator-moved': {},
  'partitions-added': { count },
  'effect-error': { times },
  'effect-ack-lost': {},
}

const kinds = Object.entries(EXTRA_FIELDS)
const FAULT_NAMES = kinds.map(([kind]) => kind)

/** By its kind, so that a wrong field is named and not the whole fault. */
const faults = kinds.map(([kind, extra]) => z.strictObject({ kind: z.literal(kind), ...base, ...extra }))
const fault = z.discriminatedUnion('kind', faults as unknown as [z.ZodObject, ...z.ZodObject[]])

const workload = z.strictObject({
  consumers: count,
  brokers: count,
  topics: z.record(
    z.string(),
    z.strictObject({
      partitions: count,
      startOffset: z.string().regex(/^\d{1,19}$/),
      configs: z.record(z.string(), z.string()).optional(),
    }),
  ),
  records: z.array(
    z.strictObject({
      topic: z.string(),
      partition: z.number().int().min(0),
      key: bytes.nullable(),
      value: bytes.nullable(),
      headers: z.record(z.string(), bytes).optional(),
      atMs: ms,
    }),
  ),
})

const counterexample = z.strictObject({
  version: z.literal(COUNTEREXAMPLE_VERSION),
  scenario: z.strictObject({ name: z.string().min(1), file: z.string().min(1) }),
  schedule: z.strictObject({
    seed: z.string(),
    workload,
    faults: z.array(fault),
    holds: z.array(z.strictObject({ event: z.string().min(1), durationMs })),
  }),
  violation: z.strictObject({
    property: z.enum(PROPERTY_NAMES),
    message: z.string(),
    events: z.array(z.number().int()),
  }),
  historyHash: z.string().regex(/^[0-9a-f]{64}$/),
  explanation: z.strictObject({
    sentence: z.string(),
    story: z.array(
      z.strictObject({
        timeUs: z.number(),
        lane: z.string(),
        text: z.string(),
        // Older files have none.
        mark: z.enum(STORY_MARKS).optional(),
      }),
    ),
    necessary: z.array(z.strictObject({ fault: z.string(), needed: z.boolean() })),
    inevitableFrom: z.string().nullable(),
  }),
  made: z.strictObject({ harness: z.string(), node: z.string(), client: z.string() }),
})

const AGAIN = "make a new one with 'onceover check'"

export const COUNTEREXAMPLE: Shape = {
  schema: counterexample,
  expected: {
    '': AGAIN,
    'schedule.faults.*.kind': `the kinds are ${FAULT_NAMES.join(', ')}`,
    'schedule.faults.*.at': "it must be { event: 'consumer-0 OffsetCommit#1 applied' } or { atMs: 100 }",
    'schedule.faults.*.error': `it must be one of ${INJECTABLE_ERRORS.join(', ')}`,
    'schedule.faults.*.times': "it must be 'once' or 'always'",
    'violation.property': `the properties are ${PROPERTY_NAMES.join(', ')}`,
  },
  fields: {
    '': Object.keys(counterexample.shape),
    scenario: ['name', 'file'],
    schedule: ['seed', 'workload', 'faults', 'holds'],
    'schedule.workload': Object.keys(workload.shape),
    'schedule.faults.*': [
      'kind',
      'target',
      'at',
      ...new Set(kinds.flatMap(([, extra]) => Object.keys(extra))),
    ],
  },
  names: { 'schedule.faults.*.kind': FAULT_NAMES, 'violation.property': PROPERTY_NAMES },
}
