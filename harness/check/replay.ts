import { existsSync } from 'node:fs'
import path from 'node:path'
import { tell } from '../../properties/index.ts'
import type { Replay } from '../../reports/replay.ts'
import type { Counterexample } from '../core/counterexample.ts'
import { HarnessError, UsageError } from '../core/errors.ts'
import type { HistoryEvent } from '../core/history.ts'
import type { OutputLine } from '../core/output.ts'
import type { Scenario } from '../core/scenario.ts'
import type { PreparedScenario, RunResult } from '../run/run.interface.ts'
import { loadScenarioFile, shownPath } from '../scenario/load.ts'
import { prepareScenario } from '../scenario/prepare.ts'
import { releaseServices } from '../scenario/services.ts'
import { describeDifference, differenceOf } from '../search/self-check.ts'
import { baseFile } from './base-file.ts'
import { readCounterexample } from './counterexample-file.ts'
import { madeWith } from './version.ts'

export interface Replayed {
  readonly replay: Replay
  readonly events: readonly HistoryEvent[]
  /** All that the app printed. */
  readonly output: readonly OutputLine[]
  readonly historyHash: string
  /** The versions that it ran with. */
  readonly made: Counterexample['made']
}

/**
 * Runs exactly the file's schedule again, twice.
 * @throws UsageError where the file or its scenario is not what it should be
 * @throws HarnessError where the two runs differ
 */
export async function replayFile(file: string, { trust = false } = {}): Promise<Replayed> {
  const counterexample = readCounterexample(file)
  const { scenario, scenarioFile } = await scenarioOf(file, counterexample, trust)
  return replay(counterexample, scenario, scenarioFile)
}

/**
 * Runs exactly the schedule of a counterexample again, twice, for a scenario that is loaded
 * already.
 */
export async function replay(
  counterexample: Counterexample,
  scenario: Scenario,
  file: string | null,
): Promise<Replayed> {
  try {
    return await replayed(counterexample, scenario, file)
  } finally {
    releaseServices(scenario)
  }
}

async function replayed(
  counterexample: Counterexample,
  scenario: Scenario,
  file: string | null,
): Promise<Replayed> {
  const base = baseFile(scenario, file)
  const prepared = await prepareScenario(inZone(scenario, counterexample), { file: base })
  const made = madeWith(prepared)
  const output: OutputLine[] = []
  const result = await runTwice(prepared, counterexample, output)
  const { violation, historyHash } = counterexample
  const { verdict, violations, properties } = result.verdict
  const finding = violations.find(({ property }) => property === violation.property) ?? null
  const other = violations.find(({ property }) => property !== violation.property) ?? null
  const outcome = properties[violation.property]
  const shown = finding ?? other
  return {
    events: result.history.events,
    output,
    historyHash: result.historyHash(),
    made,
    replay: {
      counterexample,
      outcome:
        finding !== null ? 'same' : other !== null ? 'other' : verdict === 'held' ? 'held' : 'undecided',
      finding: shown,
      explanation: shown === null ? null : tell(result.history, shown),
      sameHistory: result.historyHash() === historyHash,
      changed: changes(counterexample.made, made),
      skipped: result.skipped,
      problem: outcome?.outcome === 'undecided' ? outcome.reason : null,
    },
  }
}

/**
 * The scenario that a replay file belongs to.
 * @throws UsageError where it no longer exists
 */
export async function scenarioOf(
  file: string,
  { scenario }: Counterexample,
  trust: boolean,
): Promise<{ scenario: Scenario; scenarioFile: string }> {
  const scenarioFile = path.resolve(path.dirname(file), scenario.file)
  const shown = shownPath(scenarioFile)
  if (!existsSync(scenarioFile)) {
    throw new UsageError(
      'missing-file',
      `${file} belongs to the scenario in ${shown}, which is not there; put it back, or mend 'scenario.file', a path from the replay file's folder`,
    )
  }
  if (!trust) demandInside(file, scenarioFile)
  const loaded = await loadScenarioFile(scenarioFile)
  const found = loaded.find((each) => each.scenario.name === scenario.name)
  if (found !== undefined) return { scenario: found.scenario, scenarioFile }
  throw new UsageError(
    'bad-counterexample',
    `${shown} has no scenario named '${scenario.name}', only ${loaded.map((each) => `'${each.scenario.name}'`).join(', ')}; mend 'scenario.name' in ${file}`,
  )
}

async function runTwice(
  prepared: PreparedScenario,
  { schedule, violation }: Counterexample,
  output: OutputLine[],
): Promise<RunResult> {
  const first = await prepared.run(schedule, {
    stopAt: violation.property,
    output: (line) => void output.push(line),
  })
  const second = await prepared.run(schedule, { stopAt: violation.property, watchLeaks: true })
  const difference = differenceOf(first, second)
  if (difference === null) return first
  throw new HarnessError(`two runs of the same schedule differ: ${describeDifference(difference)}`)
}

/** A file is replayed in the time zone in which it was made, whatever the scenario says since. */
function inZone(scenario: Scenario, { made: { timeZone } }: Counterexample): Scenario {
  if (timeZone === undefined || scenario.env?.['TZ'] === timeZone) return scenario
  return { ...scenario, env: { ...scenario.env, TZ: timeZone } }
}

/** Versions that have changed since the file was made, in words. */
function changes(before: Counterexample['made'], now: Counterexample['made']): string[] {
  const words = [
    ['harness', 'onceover'],
    ['node', 'Node'],
    ['client', 'the client'],
  ] as const
  const services = Object.entries(before.services ?? {}).map(
    ([name, version]) => [name, version, now.services?.[name] ?? 'none'] as const,
  )
  return [...words.map(([name, word]) => [word, before[name], now[name]] as const), ...services].flatMap(
    ([word, was, is]) => (was === is ? [] : [`${word} was ${was} and is ${is}`]),
  )
}

/**
 * A replay file names the module that is run: one from a stranger could name any on the disk
 * (see SECURITY.md).
 * @throws UsageError `bad-counterexample` where that is not below the working directory
 */
function demandInside(file: string, scenarioFile: string): void {
  const relative = path.relative(process.cwd(), scenarioFile)
  if (!relative.startsWith('..') && !path.isAbsolute(relative)) return
  throw new UsageError(
    'bad-counterexample',
    `${file} would run ${scenarioFile}, which is outside of this folder; if you know where the file comes from, add --trust`,
  )
}
