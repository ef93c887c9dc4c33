import type { Arbitrary } from 'fast-check'
import { baseFile } from '../check/base-file.ts'
import { inTurn } from '../check/turn.ts'
import type { History } from '../core/history.ts'
import type { Checker } from '../core/property.ts'
import type { Scenario } from '../core/scenario.ts'
import type { Schedule } from '../core/schedule.ts'
import type { Finding } from '../core/verdict.ts'
import type { PreparedScenario } from '../run/run.interface.ts'
import { definedIn } from '../scenario/define.ts'
import { prepareScenario } from '../scenario/prepare.ts'
import { scheduleArbitrary } from '../search/arbitrary.ts'

export { eventLine } from '../core/history-text.ts'
export type { Checker } from '../core/property.ts'
export type { Schedule, Workload, WorkloadRecord } from '../core/schedule.ts'
export type { Finding } from '../core/verdict.ts'

/** The outcome of one schedule. */
export interface ScheduleOutcome {
  readonly verdict: 'held' | 'violated' | 'undecided'
  /** Anomalies that the guarantee forbids, the first one first. */
  readonly violations: readonly Finding[]
  /** All that happened, in order. */
  readonly history: History
}

/** Scenarios are got ready once. */
const ready: WeakMap<Scenario, Promise<PreparedScenario>> = new WeakMap()

/**
 * Schedules of this scenario for a property of your own: generated as a search does, with the
 * records that come from arbitraries, and shrunk by the same moves. The scenario runs once or twice
 * without faults first; after that a seed of fast-check gives the same schedules.
 * @throws UsageError where the scenario is wrong, or can't be checked
 */
export async function schedules(scenario: Scenario): Promise<Arbitrary<Schedule>> {
  const prepared = await prepare(scenario)
  return inTurn(() => scheduleArbitrary(prepared))
}

/**
 * Runs exactly this schedule, to its end. The same schedule gives the same outcome; one runs at a
 * time.
 * @throws UsageError where the scenario is wrong, or can't be checked
 */
export async function outcomeOf(scenario: Scenario, schedule: Schedule): Promise<ScheduleOutcome> {
  const prepared = await prepare(scenario)
  const { verdict, history } = await inTurn(() => prepared.run(schedule, { stopAt: 'end' }))
  return { verdict: verdict.verdict, violations: verdict.violations, history }
}

/** The findings of a checker in a history; one of your own has the interface that ours have. */
export function findingsOf<Found>({ events }: History, checker: Checker<Found>): readonly Found[] {
  const found = events.flatMap((event) => checker.observe(event) ?? [])
  return [...found, ...checker.finish()]
}

function prepare(scenario: Scenario): Promise<PreparedScenario> {
  const known = ready.get(scenario)
  if (known !== undefined) return known
  const preparing = inTurn(() => prepareScenario(scenario, { file: baseFile(scenario, definedIn(scenario)) }))
  ready.set(scenario, preparing)
  return preparing
}
