import { didYouMean } from '../harness/core/did-you-mean.ts'
import { UsageError } from '../harness/core/errors.ts'
import type { Guarantee, GuaranteeOptions } from '../harness/core/guarantee.ts'
import { PROPERTY_NAMES, type PropertyName } from '../harness/core/verdict.ts'

export type Model = Guarantee['model']

/**
 * A model's judgement of an anomaly. `forbidden`: a violation. `allowed under faults`: a violation
 * unless a fault can explain it. `noted`: a note (forbidden under `strict`). `allowed` (it is the
 * point of the model) and `not checked`: not looked for.
 */
export type Standing = 'forbidden' | 'allowed under faults' | 'allowed' | 'noted' | 'not checked'

/** As in the table; `if claimed`: forbidden where an option claims it, else not checked. */
export type TableStanding = Standing | 'if claimed'

export const MODELS: readonly Model[] = ['at-most-once', 'at-least-once', 'exactly-once']

function everywhere(standing: TableStanding): Readonly<Record<Model, TableStanding>> {
  return { 'at-most-once': standing, 'at-least-once': standing, 'exactly-once': standing }
}

/**
 * Seen is not forbidden: a guarantee forbids what breaks its own promise; the rest is a diagnosis.
 */
const TABLE: Readonly<Record<PropertyName, Readonly<Record<Model, TableStanding>>>> = {
  'lost-record': { ...everywhere('forbidden'), 'at-most-once': 'allowed under faults' },
  'duplicate-effect': { ...everywhere('forbidden'), 'at-least-once': 'allowed under faults' },
  'out-of-order': everywhere('if claimed'),
  'commit-ahead': { ...everywhere('forbidden'), 'at-most-once': 'allowed' },
  'commit-regression': everywhere('noted'),
  'commit-unowned': everywhere('noted'),
  'two-owners': everywhere('noted'),
  'zombie-effect': everywhere('noted'),
  'position-jump': everywhere('noted'),
  'wrong-resume': everywhere('noted'),
  'aborted-read': { ...everywhere('not checked'), 'exactly-once': 'forbidden' },
  'torn-transaction': { ...everywhere('not checked'), 'exactly-once': 'forbidden' },
  'stuck-partition': everywhere('forbidden'),
  'dead-consumer': everywhere('forbidden'),
  'rebalance-storm': everywhere('forbidden'),
  'hot-loop': everywhere('forbidden'),
  'shutdown-hang': everywhere('forbidden'),
  'unbounded-buffer': everywhere('if claimed'),
  'dead-letter-lost': everywhere('if claimed'),
  'crashes-unprovoked': everywhere('allowed under faults'),
  'assertion-failed': everywhere('forbidden'),
  'invariant-broken': everywhere('forbidden'),
  'measure-exceeded': everywhere('forbidden'),
}

/** The judgement of an anomaly by this guarantee, its options included. */
export function standing({ model, options }: Guarantee, property: PropertyName): Standing {
  const inTable = TABLE[property][model]
  const plain = inTable === 'if claimed' ? (claims(options, property) ? 'forbidden' : 'not checked') : inTable
  if (plain === 'not checked' || plain === 'allowed') return plain
  if (options.allow?.includes(property)) return 'noted'
  return plain === 'noted' && options.strict === true ? 'forbidden' : plain
}

function claims(options: GuaranteeOptions, property: PropertyName): boolean {
  switch (property) {
    case 'out-of-order':
      return options.order === 'partition' || options.order === 'key'
    case 'unbounded-buffer':
      return options.inFlightMax !== undefined
    case 'dead-letter-lost':
      return options.deadLetter !== undefined
    default:
      return false
  }
}

export interface ModelRow {
  readonly property: PropertyName
  readonly standings: Readonly<Record<Model, TableStanding>>
}

/** The table of models and properties, for documents. Options change it: see `standing`. */
export function describeModel(): readonly ModelRow[] {
  return PROPERTY_NAMES.map((property) => ({ property, standings: TABLE[property] }))
}

/**
 * Duplicates are possible under faults, loss never. @throws UsageError on an unknown or wrong
 * option.
 */
export function atLeastOnce(options: GuaranteeOptions = {}): Guarantee {
  return { model: 'at-least-once', options: checked('atLeastOnce', options) }
}

/**
 * Loss is possible under faults, duplicates never. @throws UsageError on an unknown or wrong
 * option.
 */
export function atMostOnce(options: GuaranteeOptions = {}): Guarantee {
  return { model: 'at-most-once', options: checked('atMostOnce', options) }
}

/**
 * Neither loss nor duplicates, judged by effects, or by what a read_committed observer sees in
 * `outputs`.
 * @throws UsageError on an unknown or wrong option.
 */
export function exactlyOnce(options: GuaranteeOptions = {}): Guarantee {
  return { model: 'exactly-once', options: checked('exactlyOnce', options) }
}

type Check = (value: unknown) => string | null

const positive: Check = (value) =>
  typeof value === 'number' && Number.isFinite(value) && value > 0 ? null : 'a number above 0'

function isNames(value: unknown): boolean {
  return (
    Array.isArray(value) && value.length > 0 && value.every((name) => typeof name === 'string' && name !== '')
  )
}

/** For each option what it has to be, or null where the value is right. */
const CHECKS: Readonly<Record<keyof GuaranteeOptions, Check>> = {
  order: (value) =>
    value === 'partition' || value === 'key' || value === 'none' ? null : `'partition', 'key' or 'none'`,
  inFlightMax: (value) =>
    typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? null : 'a whole number above 0',
  deadLetter: (value) => (typeof value === 'string' && value !== '' ? null : 'the name of a topic'),
  strict: (value) => (typeof value === 'boolean' ? null : 'true or false'),
  allow(value) {
    if (!Array.isArray(value)) return "a list of properties, for example ['commit-regression']"
    const names: readonly string[] = PROPERTY_NAMES
    const known: ReadonlySet<unknown> = new Set(names)
    const wrong: unknown = value.find((name) => !known.has(name))
    if (wrong === undefined) return null
    const advice = didYouMean(String(wrong), names)
    return `a list of properties; '${String(wrong)}' is none${advice === null ? '' : `; ${advice}`}`
  },
  outputs: (value) => (isNames(value) ? null : 'a list of topics'),
  labels: (value) => (isNames(value) ? null : "a list of effects' labels, for example ['charged', 'mailed']"),
  shutdownMs: positive,
  drainMs: positive,
}

function checked(caller: string, options: GuaranteeOptions): GuaranteeOptions {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new UsageError('bad-scenario', `${caller}() takes an object of options, or nothing`)
  }
  const checks = new Map(Object.entries(CHECKS))
  const known = [...checks.keys()]
  for (const [name, value] of Object.entries(options)) {
    const check = checks.get(name)
    if (check === undefined) {
      const advice = didYouMean(name, known) ?? `it knows ${known.join(', ')}`
      throw new UsageError('bad-scenario', `${caller}() has no option '${name}'; ${advice}`)
    }
    const wanted = value === undefined ? null : check(value)
    if (wanted !== null) {
      throw new UsageError('bad-scenario', `the option '${name}' of ${caller}() must be ${wanted}`)
    }
  }
  const given = Object.entries(options).filter(([, value]) => value !== undefined)
  return Object.freeze(Object.fromEntries(given)) as GuaranteeOptions
}
