import type { Scenario } from '../core/scenario.ts'
import { durationMs, strategyOf, wholeNumber } from './option-values.ts'
import { type SearchSettings, STRATEGY_DEFAULT } from './settings.ts'

/** How a test of a suite searches. */
export interface SuiteOptions {
  /** Most schedules; default 500. `ONCEOVER_RUNS` overrides. */
  readonly runs?: number
  /**
   * Default: the scenario's name, so that a test means the same in every run. `ONCEOVER_SEED`
   * overrides.
   */
  readonly seed?: string | number
  /** Most wall time for the search, such as `30s`. `ONCEOVER_TIME` overrides. */
  readonly time?: string
  /** Default `portfolio`; see `onceover --help`. */
  readonly strategy?: string
  /** `sweep`: the test fails unless every single fault of the sweep was tried. */
  readonly require?: 'sweep'
}

const RUNS_SUITE = 500

/**
 * Options of a test, with the `ONCEOVER_…` variables over them.
 * @throws UsageError where one of either is wrong
 */
export function suiteSettings(
  { name }: Pick<Scenario, 'name'>,
  options: SuiteOptions,
): Pick<SearchSettings, 'runs' | 'seed' | 'timeMs' | 'strategy' | 'require'> {
  const { env } = process
  const [envRuns, envTime] = [env['ONCEOVER_RUNS'], env['ONCEOVER_TIME']]
  const [runs, time] = [envRuns ?? String(options.runs ?? RUNS_SUITE), envTime ?? options.time]
  return {
    runs: wholeNumber(envRuns === undefined ? 'runs' : 'ONCEOVER_RUNS', runs),
    seed: env['ONCEOVER_SEED'] ?? String(options.seed ?? name),
    timeMs:
      time === undefined ? undefined : durationMs(envTime === undefined ? 'time' : 'ONCEOVER_TIME', time),
    strategy: strategyOf(options.strategy ?? STRATEGY_DEFAULT),
    require: options.require,
  }
}
