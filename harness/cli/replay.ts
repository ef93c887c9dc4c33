import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { tell } from '../../properties/index.ts'
import { COUNTEREXAMPLE_VERSION, type Counterexample } from '../core/counterexample.ts'
import { UsageError } from '../core/errors.ts'
import { FAULT_KINDS } from '../core/fault.ts'
import type { HistoryEvent } from '../core/history.ts'
import type { Finding } from '../core/verdict.ts'
import { PROPERTY_NAMES } from '../core/verdict.ts'
import { loadScenarioFile } from '../run/load.ts'
import { prepareScenario } from '../run/prepare.ts'
import { harnessVersion } from './version.ts'

const bytes = z.union([z.string(), z.strictObject({ base64: z.string() })])
const moment = z.union([z.strictObject({ event: z.string() }), z.strictObject({ atMs: z.number() })])

const schema = z.strictObject({
  version: z.literal(COUNTEREXAMPLE_VERSION),
  scenario: z.strictObject({ name: z.string(), file: z.string() }),
  schedule: z.strictObject({
    seed: z.string(),
    workload: z.strictObject({
      consumers: z.number().int().min(1),
      brokers: z.number().int().min(1),
      topics: z.record(
        z.string(),
        z.strictObject({ partitions: z.number().int().min(1), startOffset: z.string() }),
      ),
      records: z.array(
        z.strictObject({
          topic: z.string(),
          partition: z.number().int(),
          key: bytes.nullable(),
          value: bytes.nullable(),
          headers: z.record(z.string(), bytes).optional(),
          atMs: z.number(),
        }),
      ),
    }),
    faults: z.array(
      z.looseObject({ kind: z.enum(FAULT_KINDS as [string, ...string[]]), target: z.string(), at: moment }),
    ),
    holds: z.array(z.strictObject({ event: z.string(), durationMs: z.number() })),
  }),
  violation: z.strictObject({
    property: z.enum(PROPERTY_NAMES),
    message: z.string(),
    events: z.array(z.number()),
  }),
  historyHash: z.string(),
  explanation: z.strictObject({
    sentence: z.string(),
    story: z.array(z.unknown()),
    necessary: z.array(z.unknown()),
  }),
  made: z.strictObject({ harness: z.string(), node: z.string(), client: z.string() }),
})

export interface Replayed {
  readonly counterexample: Counterexample
  readonly stillFails: boolean
  readonly finding: Finding | null
  readonly sameHistory: boolean
  /** What is not as it was when the file was made, in words. */
  readonly changed: readonly string[]
  readonly sentence: string
  readonly story: Counterexample['explanation']['story']
  readonly events: readonly HistoryEvent[]
}

/**
 * Reads a replay file.
 * @throws UsageError `missing-file`, `bad-counterexample`
 */
export function readCounterexample(file: string): Counterexample {
  if (!existsSync(file))
    throw new UsageError(
      'missing-file',
      `there is no file ${file}; type the path of a replay file that 'onceover check' wrote`,
    )
  let content: unknown
  try {
    content = JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    throw new UsageError(
      'bad-counterexample',
      `${file} is not JSON; it must be a replay file that 'onceover check' wrote`,
    )
  }
  const version =
    typeof content === 'object' && content !== null && 'version' in content ? content.version : undefined
  if (version !== COUNTEREXAMPLE_VERSION) {
    throw new UsageError(
      'bad-counterexample',
      `${file} is a replay file of version ${JSON.stringify(version)}; this onceover reads version ${COUNTEREXAMPLE_VERSION}: run 'onceover check' again to make a new one`,
    )
  }
  const checked = schema.safeParse(content)
  if (!checked.success) {
    const issue = checked.error.issues[0]
    const where = issue?.path.map(String).join('.') ?? ''
    throw new UsageError(
      'bad-counterexample',
      `${file} is not a whole replay file: ${where === '' ? '' : `'${where}': `}${issue?.message ?? 'broken'}; run 'onceover check' again to make a new one`,
    )
  }
  return content as Counterexample
}

/** Runs exactly the file's schedule again. */
export async function replay(file: string): Promise<Replayed> {
  const counterexample = readCounterexample(file)
  const { scenario, schedule, violation, made } = counterexample
  const scenarioFile = path.resolve(path.dirname(file), scenario.file)
  if (!existsSync(scenarioFile)) {
    throw new UsageError(
      'missing-file',
      `${file} belongs to ${path.relative(process.cwd(), scenarioFile)}, which is not there; put the scenario back or mend 'scenario.file'`,
    )
  }
  const loaded = await loadScenarioFile(scenarioFile)
  const found = loaded.find((each) => each.scenario.name === scenario.name)
  if (found === undefined) {
    throw new UsageError(
      'bad-counterexample',
      `${path.relative(process.cwd(), scenarioFile)} has no scenario named '${scenario.name}' any more; it has ${loaded.map((each) => `'${each.scenario.name}'`).join(', ')}`,
    )
  }
  const prepared = await prepareScenario(found.scenario, { file: scenarioFile })
  const result = await prepared.run(schedule, { stopAt: violation.property })
  const finding = result.verdict.violations.find(({ property }) => property === violation.property) ?? null
  const now = { harness: harnessVersion(), node: process.version, client: prepared.client }
  const changed = (Object.keys(now) as (keyof typeof now)[]).flatMap((name) =>
    now[name] === made[name] ? [] : [`${name} was ${made[name]} and is ${now[name]}`],
  )
  const told = finding === null ? { sentence: '', story: [] } : tell(result.history, finding)
  return {
    counterexample,
    stillFails: finding !== null,
    finding,
    sameHistory: result.historyHash() === counterexample.historyHash,
    changed,
    sentence: told.sentence,
    story: told.story,
    events: result.history.events,
  }
}
