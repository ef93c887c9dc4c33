import type { HistoryEvent, ObservationKind } from '../harness/core/history.ts'
import type { Checker, Property, Setting } from '../harness/core/property.ts'
import type { Finding, Outcome, PropertyName, Verdict } from '../harness/core/verdict.ts'
import { abortedRead } from './aborted-read.ts'
import { commitAhead } from './commit-ahead.ts'
import { commitRegression } from './commit-regression.ts'
import { commitUnowned } from './commit-unowned.ts'
import { deadConsumer } from './dead-consumer.ts'
import { deadLetterLost } from './dead-letter-lost.ts'
import { duplicateEffect } from './duplicate-effect.ts'
import type { Seen } from './finding.ts'
import { hotLoop } from './hot-loop.ts'
import { lostRecord } from './lost-record.ts'
import { type Standing, standing } from './models.ts'
import { outOfOrder } from './out-of-order.ts'
import { positionJump } from './position-jump.ts'
import { rebalanceStorm } from './rebalance-storm.ts'
import { shutdownHang } from './shutdown-hang.ts'
import { stuckPartition } from './stuck-partition.ts'
import { tornTransaction } from './torn-transaction.ts'
import { twoOwners } from './two-owners.ts'
import { unboundedBuffer } from './unbounded-buffer.ts'
import { wrongResume } from './wrong-resume.ts'
import { zombieEffect } from './zombie-effect.ts'

/** In the order of `PROPERTY_NAMES`. */
export const PROPERTIES: readonly Property[] = [
  lostRecord,
  duplicateEffect,
  outOfOrder,
  commitAhead,
  commitRegression,
  commitUnowned,
  twoOwners,
  zombieEffect,
  positionJump,
  wrongResume,
  abortedRead,
  tornTransaction,
  stuckPartition,
  deadConsumer,
  rebalanceStorm,
  hotLoop,
  shutdownHang,
  unboundedBuffer,
  deadLetterLost,
]

/** A run that goes wrong goes wrong often: more findings of one property than this say nothing new. */
export const FINDINGS_MAX = 20

/** Judges one history while it grows. */
export interface RunJudge {
  /** The first forbidden finding that this event makes certain, or null: a run may end there. */
  observe(event: HistoryEvent): Finding | null
  /** Called once, after the last event. */
  finish(): Verdict
}

/** What came of one property so far. */
interface Trial {
  readonly property: Property
  readonly standing: Standing
  readonly checker: Checker | null
  readonly violations: Finding[]
  readonly notes: Finding[]
  readonly messages: Set<string>
  /** The checker threw: it is not asked again. */
  problem: string | null
}

/** A judge over all properties that the setting's guarantee says anything about. */
export function judge(setting: Setting, properties: readonly Property[] = PROPERTIES): RunJudge {
  const trials = properties
    .map((property) => ({ property, standing: standing(setting.guarantee, property.name) }))
    .filter(({ standing }) => standing !== 'not checked')
    .map((each) => openTrial(each, setting))
  const byKind = new Map<ObservationKind, Trial[]>()
  let ended = false

  const wanting = (kind: ObservationKind): Trial[] => {
    const known = byKind.get(kind)
    if (known !== undefined) return known
    const wanted = trials.filter(({ checker }) => checker !== null && (checker.kinds?.includes(kind) ?? true))
    byKind.set(kind, wanted)
    return wanted
  }

  return {
    observe(event) {
      if (event.kind === 'drain-deadline' || (event.kind === 'phase' && event.phase === 'end')) ended = true
      let first: Finding | null = null
      for (const trial of wanting(event.kind)) {
        const forbidden = observeIn(trial, event)
        first ??= forbidden
      }
      return first
    },
    finish() {
      for (const trial of trials) finishIn(trial)
      return verdictOf(trials, ended)
    },
  }
}

function openTrial({ property, standing }: Pick<Trial, 'property' | 'standing'>, setting: Setting): Trial {
  const trial = { property, standing, violations: [], notes: [], messages: new Set<string>() }
  try {
    return { ...trial, checker: property.check(setting), problem: null }
  } catch (error) {
    return { ...trial, checker: null, problem: problemOf(error) }
  }
}

function observeIn(trial: Trial, event: HistoryEvent): Finding | null {
  if (trial.problem !== null || trial.checker === null) return null
  try {
    const finding = trial.checker.observe(event)
    return finding === null ? null : file(trial, finding)
  } catch (error) {
    trial.problem = problemOf(error)
    return null
  }
}

function finishIn(trial: Trial): void {
  if (trial.problem !== null || trial.checker === null) return
  try {
    for (const finding of trial.checker.finish()) file(trial, finding)
  } catch (error) {
    trial.problem = problemOf(error)
  }
}

/** Keeps a finding where it belongs; returns it if it is forbidden and new. */
function file(trial: Trial, found: Seen): Finding | null {
  const { explained = false, diagnosis = false, ...finding } = found
  if (trial.messages.has(finding.message)) return null
  trial.messages.add(finding.message)
  const forbidden =
    !diagnosis &&
    (trial.standing === 'forbidden' || (trial.standing === 'allowed under faults' && !explained))
  const kept = forbidden ? trial.violations : trial.notes
  if (kept.length >= FINDINGS_MAX) return null
  kept.push(finding)
  return forbidden ? finding : null
}

function verdictOf(trials: readonly Trial[], ended: boolean): Verdict {
  const outcomes = trials.map((trial): [PropertyName, Outcome] => [
    trial.property.name,
    outcomeOf(trial, ended),
  ])
  const violations = trials.flatMap((trial) => trial.violations)
  const undecided = outcomes.some(([, { outcome }]) => outcome === 'undecided')
  return {
    verdict: violations.length > 0 ? 'violated' : undecided ? 'undecided' : 'held',
    properties: Object.fromEntries(outcomes),
    violations,
    notes: trials.flatMap((trial) => trial.notes),
  }
}

function outcomeOf({ property, violations, problem }: Trial, ended: boolean): Outcome {
  if (violations.length > 0) return { outcome: 'violated', findings: violations }
  if (problem !== null) return { outcome: 'undecided', reason: `the checker failed: ${problem}` }
  if (property.when === 'end' && !ended) {
    return { outcome: 'undecided', reason: 'the run ended before its drain did' }
  }
  return { outcome: 'held' }
}

function problemOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
