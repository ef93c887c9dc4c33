import * as z from 'zod'
import { COUNTEREXAMPLE_VERSION } from '../core/counterexample.ts'
import { unreachable } from '../core/errors.ts'
import type { AnyFaultDefinition } from '../core/fault.ts'
import type { Accepts, FaultField } from '../core/faults/fields.ts'
import { FAULTS } from '../core/faults/index.ts'
import { STORY_MARKS } from '../core/story.ts'
import { PROPERTY_NAMES } from '../core/verdict.ts'
import {
  AT_MS_MAX,
  BROKERS_MAX,
  CONSUMERS_MAX,
  OFFSET_MAX,
  PARTITIONS_MAX,
  RECORDS_MAX,
} from '../scenario/define.ts'
import type { Shape } from '../scenario/validate.ts'

/**
 * As many as a scenario may have, and far more than a schedule needs: what is beyond has no end.
 */
const atMost = (max: number): z.ZodNumber => z.number().int().min(1).max(max)
/** Far more than a search draws, which is two or three. */
const FAULTS_MAX = 1_000
const processCount = atMost(CONSUMERS_MAX)
const count = atMost(PARTITIONS_MAX)
const ms = z.number().min(0).max(AT_MS_MAX)
const signedMs = z.number().min(-AT_MS_MAX).max(AT_MS_MAX)
const bytes = z.union([z.string(), z.strictObject({ base64: z.string() })])
const moment = z.union([z.strictObject({ event: z.string().min(1) }), z.strictObject({ atMs: ms })])
const base = { target: z.string().min(1), at: moment }

const FAULT_NAMES = FAULTS.map(({ kind }) => kind)

/** By its kind, so that a wrong field is named and not the whole fault. */
const [first, ...others] = FAULTS
const fault = z.discriminatedUnion('kind', [schemaOf(first), ...others.map(schemaOf)])

function schemaOf({ kind, fields }: Pick<AnyFaultDefinition, 'kind' | 'fields'>) {
  const own = Object.entries(fields).map(([name, { accepts, optional }]) => {
    const schema = schemaOfValue(accepts)
    return [name, optional === true ? schema.optional() : schema] as const
  })
  return z.strictObject({ kind: z.literal(kind), ...base, ...Object.fromEntries(own) })
}

function schemaOfValue(accepts: Accepts): z.ZodType {
  switch (accepts.type) {
    case 'ms':
      return ms
    case 'signed-ms':
      return signedMs
    case 'count':
      return count
    case 'one-of':
      return z.enum(accepts.values)
    case 'one-of-or-count':
      return z.union([z.enum(accepts.values), count])
    default:
      return unreachable(accepts)
  }
}

const ownFields = FAULTS.flatMap(({ fields }) => Object.entries<FaultField<unknown>>(fields))

/** The values that each field with a closed list expects, by path. */
const choices = ownFields.flatMap(([name, { accepts }]) =>
  accepts.type === 'one-of' || accepts.type === 'one-of-or-count'
    ? [
        [
          `schedule.faults.*.${name}`,
          `it must be one of ${accepts.values.join(', ')}${accepts.type === 'one-of' ? '' : ', or a count'}`,
        ] as const,
      ]
    : [],
)

const offset = z
  .string()
  .regex(/^\d{1,19}$/, { abort: true })
  .refine((given) => BigInt(given) <= OFFSET_MAX)

const workload = z.strictObject({
  consumers: processCount,
  apps: z
    .record(
      z.string(),
      z.strictObject({ processes: processCount, atLeast: processCount, atMost: processCount }),
    )
    .optional(),
  brokers: atMost(BROKERS_MAX),
  clusters: z.record(z.string(), z.strictObject({ brokers: atMost(BROKERS_MAX) })).optional(),
  topics: z.record(
    z.string(),
    z.strictObject({
      partitions: count,
      startOffset: offset,
      configs: z.record(z.string(), z.string()).optional(),
    }),
  ),
  committed: z.record(z.string(), z.record(z.string(), offset)).optional(),
  records: z
    .array(
      z.strictObject({
        topic: z.string(),
        partition: z.number().int().min(0),
        key: bytes.nullable(),
        value: bytes.nullable(),
        headers: z.record(z.string(), bytes).optional(),
        atMs: ms,
      }),
    )
    .max(RECORDS_MAX),
})

const counterexample = z.strictObject({
  version: z.literal(COUNTEREXAMPLE_VERSION),
  scenario: z.strictObject({ name: z.string().min(1), file: z.string().min(1) }),
  schedule: z.strictObject({
    seed: z.string(),
    workload,
    faults: z.array(fault).max(FAULTS_MAX),
    holds: z.array(z.strictObject({ event: z.string().min(1), durationMs: ms })).max(FAULTS_MAX),
  }),
  violation: z.strictObject({
    property: z.enum(PROPERTY_NAMES),
    message: z.string(),
    events: z.array(z.number().int()),
    about: z
      .strictObject({
        group: z.string().optional(),
        records: z.array(z.string()).optional(),
        processes: z.array(z.string()).optional(),
      })
      .optional(),
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
        events: z.array(z.number().int()).optional(),
        fault: z.number().int().optional(),
      }),
    ),
    necessary: z.array(z.strictObject({ fault: z.string(), needed: z.boolean() })),
    inevitableFrom: z.string().nullable(),
    // Older files have none.
    continuations: z.array(z.strictObject({ step: z.int(), failed: z.int(), of: z.int() })).optional(),
  }),
  made: z.strictObject({
    harness: z.string(),
    node: z.string(),
    client: z.string(),
    timeZone: z.string().optional(),
    locale: z.string().optional(),
    services: z.record(z.string(), z.string()).optional(),
  }),
})

const AGAIN = "make a new one with 'onceover check'"

export const COUNTEREXAMPLE: Shape = {
  schema: counterexample,
  expected: {
    '': AGAIN,
    'schedule.faults.*.kind': `the kinds are ${FAULT_NAMES.join(', ')}`,
    'schedule.faults.*.at': "it must be { event: 'consumer-0 OffsetCommit#1 applied' } or { atMs: 100 }",
    ...Object.fromEntries(choices),
    'violation.property': `the properties are ${PROPERTY_NAMES.join(', ')}`,
  },
  fields: {
    '': Object.keys(counterexample.shape),
    scenario: ['name', 'file'],
    schedule: ['seed', 'workload', 'faults', 'holds'],
    'schedule.workload': Object.keys(workload.shape),
    'schedule.faults.*': ['kind', 'target', 'at', ...new Set(ownFields.map(([name]) => name))],
  },
  names: { 'schedule.faults.*.kind': FAULT_NAMES, 'violation.property': PROPERTY_NAMES },
}
