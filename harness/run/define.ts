import { z } from 'zod'
import { UsageError } from '../core/errors.ts'
import { FAULT_FAMILIES, FAULT_KINDS } from '../core/fault.ts'
import type { Scenario } from '../core/scenario.ts'
import { PROPERTY_NAMES } from '../core/verdict.ts'

const wholeNumber = (min: number, max: number): z.ZodNumber => z.number().int().min(min).max(max)
const bytes = z.union([z.string(), z.instanceof(Uint8Array)])

const record = z.strictObject({
  key: bytes.nullish(),
  value: bytes.nullable(),
  headers: z.record(z.string(), bytes).optional(),
  partition: wholeNumber(0, 100_000).optional(),
  atMs: z.number().min(0).optional(),
})

const schema = z.strictObject({
  name: z.string().min(1),
  topics: z.record(
    z.string(),
    z.strictObject({
      partitions: wholeNumber(1, 10_000),
      startOffset: z.union([z.bigint(), z.number(), z.string().regex(/^\d+$/)]).optional(),
    }),
  ),
  records: z.record(
    z.string(),
    z.union([wholeNumber(0, 10_000_000), z.array(record), z.custom((value) => typeof value === 'function')]),
  ),
  consumers: wholeNumber(1, 1_000).optional(),
  brokers: wholeNumber(1, 9).optional(),
  app: z.union([
    z.custom((value) => typeof value === 'function'),
    z.strictObject({ module: z.string().min(1) }),
  ]),
  guarantee: z.strictObject({
    model: z.enum(['at-least-once', 'at-most-once', 'exactly-once']),
    options: z.looseObject({ allow: z.array(z.enum(PROPERTY_NAMES)).optional() }),
  }),
  faults: z
    .array(z.enum([...(Object.keys(FAULT_FAMILIES) as [string, ...string[]]), ...FAULT_KINDS]))
    .optional(),
  env: z.record(z.string(), z.string()).optional(),
  broker: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
})

const FIELDS = Object.keys(schema.shape)

/**
 * Checks a scenario and gives it back, frozen.
 * @throws UsageError `bad-scenario`: one sentence with the field, what was found and what is allowed
 */
export function defineScenario(input: Scenario): Scenario {
  const checked = schema.safeParse(input)
  if (!checked.success) throw new UsageError('bad-scenario', sentenceFor(input, checked.error.issues[0]))
  for (const topic of Object.keys(input.records)) {
    if (input.topics[topic] === undefined) {
      throw new UsageError(
        'bad-scenario',
        `${nameOf(input)} has records for the topic '${topic}', which is not in 'topics'; add it there`,
      )
    }
  }
  checkPartitions(input)
  return Object.freeze({ ...input })
}

function checkPartitions(input: Scenario): void {
  for (const [topic, records] of Object.entries(input.records)) {
    if (!Array.isArray(records)) continue
    const partitions = input.topics[topic]?.partitions ?? 0
    for (const { partition } of records as readonly { readonly partition?: number }[]) {
      if (partition !== undefined && partition >= partitions) {
        throw new UsageError(
          'bad-scenario',
          `${nameOf(input)} has a record for ${topic}/${partition}, but '${topic}' has ${partitions} partitions, counted from 0`,
        )
      }
    }
  }
}

function nameOf(input: unknown): string {
  const name = typeof input === 'object' && input !== null && 'name' in input ? input.name : undefined
  return typeof name === 'string' && name !== '' ? `the scenario '${name}'` : 'the scenario'
}

function sentenceFor(input: unknown, issue: z.core.$ZodIssue | undefined): string {
  const who = nameOf(input)
  if (issue === undefined) return `${who} is not a scenario`
  const where = issue.path.map(String).join('.')
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys
    const known = where === '' ? FIELDS : []
    const near = known.find((field) => distance(field, key) <= 2)
    const hint =
      near !== undefined
        ? `did you mean '${near}'?`
        : known.length > 0
          ? `it may have: ${known.join(', ')}`
          : `remove it`
    return `${who} has an unknown field '${where === '' ? key : `${where}.${key}`}'; ${hint}`
  }
  const found = valueAt(input, issue.path)
  if (where === '') return `${who} must be an object made with defineScenario({ … })`
  if (found === undefined) return `${who} has no '${where}'; ${expected(issue, where)}`
  return `${who} has ${JSON.stringify(found, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value))} as '${where}'; ${expected(issue, where)}`
}

const EXPECTED: Readonly<Record<string, string>> = {
  name: 'give it a name',
  topics: 'write topics: { orders: { partitions: 3 } }',
  records: 'write records: { orders: 30 }, a list of { key, value }, or (random) => list',
  app: "write app: async (context) => { … }, or app: { module: './consumer.ts' }",
  guarantee: 'write guarantee: atLeastOnce(), atMostOnce() or exactlyOnce()',
  faults: `choose among ${[...Object.keys(FAULT_FAMILIES), ...FAULT_KINDS.filter((kind) => !(kind in FAULT_FAMILIES))].join(', ')}`,
}

function expected(issue: z.core.$ZodIssue, where: string): string {
  const special = EXPECTED[where.split('.')[0] ?? '']
  if (special !== undefined) return special
  if (issue.code === 'too_small') return `it must be at least ${issue.minimum}`
  if (issue.code === 'too_big') return `it must be at most ${issue.maximum}`
  if (issue.code === 'invalid_type')
    return `it must be a ${issue.expected === 'int' ? 'whole number' : issue.expected}`
  return issue.message
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = (value as Record<PropertyKey, unknown>)[key]
  }
  return typeof value === 'function' ? '(function)' : value
}

/** Levenshtein's distance, for "did you mean". */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + change))
    }
    row = next
  }
  return row[b.length] ?? 0
}
