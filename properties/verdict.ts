import type { HistoryEvent, ObservationKind } from '../harness/core/history.ts'
import type { Property, Setting } from '../harness/core/property.ts'
import type { Finding, PropertyName, PropertyOutcome, Verdict } from '../harness/core/verdict.ts'
import { abortedRead } from './aborted-read.ts'
import { assertionFailed } from './assertion-failed.ts'
import type { SharingProperty } from './checker.ts'
import { commitAhead } from './commit-ahead.ts'
import { commitRegression } from './commit-regression.ts'
import { commitUnowned } from './commit-unowned.ts'
import { crashesUnprovoked } from './crashes-unprovoked.ts'
import { deadConsumer } from './dead-consumer.ts'
import { deadLetterLost } from './dead-letter-lost.ts'
import { duplicateEffect } from './duplicate-effect.ts'
import type { SeenFinding } from './finding.ts'
import { hotLoop } from './hot-loop.ts'
import { invariantBroken } from './invariant-broken.ts'
import { lostRecord } from './lost-record.ts'
import { measureExceeded } from './measure-exceeded.ts'
import { type Standing, standing } from './models.ts'
import { outOfOrder } from './out-of-order.ts'
import { positionJump } from './position-jump.ts'
import { rebalanceStorm } from './rebalance-storm.ts'
import { shutdownHang } from './shutdown-hang.ts'
import { stuckPartition } from './stuck-partition.ts'
import { tornTransaction } from './torn-transaction.ts'
import { twoOwners } from './two-owners.ts'
import { unboundedBuffer } from './unbounded-buffer.ts'
import { register } from './views/observing.ts'
import { Views } from './views/views.ts'
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
  crashesUnprovoked,
  assertionFailed,
  invariantBroken,
  measureExceeded,
]

/**
 * A run that goes wrong goes wrong often: more findings of one property than this say nothing new.
 */
export const FINDINGS_MAX = 20

/** Judges one history while it grows. */
export interface RunJudge {
  /** The first forbidden finding that this event makes certain, or null: a run may end there. */
  observe(event: HistoryEvent): Finding | null
  /** Called once, after the last event. */
  finish(): Verdict
}

/** The result of one property so far. */
interface PropertyTrial {
  readonly property: Property
  readonly standing: Standing
  /** Whether findings that are only worth a note are forbidden. */
  readonly strict: boolean
  readonly violations: Finding[]
  readonly notes: Finding[]
  readonly messages: Set<string>
  finish: () => readonly Finding[]
  /** The checker threw: it is not asked again. */
  problem: string | null
}

interface AskedProperty {
  readonly trial: PropertyTrial
  readonly observe: (event: HistoryEvent) => Finding | null
}

/**
 * A judge over all properties that the setting's guarantee says anything about. Properties of this
 * folder share their views, which see each event once and first; others bring a checker that sees
 * all events by itself.
 */
export function judge(setting: Setting, properties: readonly Property[] = PROPERTIES): RunJudge {
  const views = new Views(setting)
  const { trials, sharing, byKind, always } = openTrials(properties, setting, views)
  let ended = false

  const ask = (
    asked: readonly AskedProperty[],
    event: HistoryEvent,
    before: Finding | null,
  ): Finding | null => {
    let first = before
    for (const { trial, observe } of asked) {
      if (trial.problem !== null) continue
      try {
        const finding = observe(event)
        const forbidden = finding === null ? null : file(trial, finding)
        first ??= forbidden
      } catch (error) {
        trial.problem = problemOf(error)
      }
    }
    return first
  }

  return {
    observe(event) {
      if (event.kind === 'drain-deadline' || (event.kind === 'phase' && event.phase === 'end')) ended = true
      try {
        views.observe(event)
      } catch (error) {
        for (const trial of sharing) trial.problem ??= problemOf(error)
      }
      const asked = byKind.get(event.kind)
      const first = asked === undefined ? null : ask(asked, event, null)
      return always.length === 0 ? first : ask(always, event, first)
    },
    finish() {
      for (const trial of trials) {
        if (trial.problem === null) {
          attempt([trial], () => {
            for (const finding of trial.finish()) file(trial, finding)
          })
        }
      }
      const assertions = views.assertions.outcomes()
      return {
        ...verdictOf(trials, ended),
        ...(assertions.length === 0 ? {} : { assertions }),
        ...(views.measures === null ? {} : { measured: views.measures.measured }),
      }
    },
  }
}

interface Trials {
  readonly trials: readonly PropertyTrial[]
  /** Those whose checkers share the views. */
  readonly sharing: readonly PropertyTrial[]
  readonly byKind: ReadonlyMap<ObservationKind, readonly AskedProperty[]>
  readonly always: readonly AskedProperty[]
}

/** One trial for each property that the guarantee does not allow to be broken. */
function openTrials(properties: readonly Property[], setting: Setting, views: Views): Trials {
  const trials: PropertyTrial[] = []
  const sharing: PropertyTrial[] = []
  const byKind = new Map<ObservationKind, AskedProperty[]>()
  const always: AskedProperty[] = []
  for (const property of properties) {
    const said = standing(setting.guarantee, property.name)
    if (said === 'not checked' || said === 'allowed') continue
    const strict = setting.guarantee.options.strict === true && said !== 'noted'
    const trial = openTrial(property, said, strict)
    trials.push(trial)
    attempt([trial], () => {
      if (!('open' in property)) {
        const checker = property.check(setting)
        const finish = (): readonly Finding[] => checker.finish()
        trial.finish = finish
        always.push({ trial, observe: (event) => checker.observe(event) })
        return
      }
      sharing.push(trial)
      const { on, finish } = (property as SharingProperty).open(views)
      if (finish !== undefined) trial.finish = finish
      register(byKind, on, (observe) => ({ trial, observe }))
    })
  }
  return { trials, sharing, byKind, always }
}

function openTrial(property: Property, said: Standing, strict: boolean): PropertyTrial {
  return {
    property,
    standing: said,
    strict,
    violations: [],
    notes: [],
    messages: new Set(),
    finish: () => [],
    problem: null,
  }
}

/** A checker that throws leaves these properties undecided, and the others go on. */
function attempt(trials: readonly PropertyTrial[], action: () => void): void {
  try {
    action()
  } catch (error) {
    for (const trial of trials) trial.problem ??= problemOf(error)
  }
}

/** Keeps a finding where it belongs; returns it if it is forbidden and new. */
function file(trial: PropertyTrial, found: SeenFinding): Finding | null {
  const { explained = false, diagnosis = false, ...finding } = found
  if (trial.messages.has(finding.message)) return null
  trial.messages.add(finding.message)
  const forbidden = diagnosis
    ? trial.strict
    : trial.standing === 'forbidden' || (trial.standing === 'allowed under faults' && !explained)
  const kept = forbidden ? trial.violations : trial.notes
  if (kept.length >= FINDINGS_MAX) return null
  kept.push(finding)
  return forbidden ? finding : null
}

function verdictOf(trials: readonly PropertyTrial[], ended: boolean): Verdict {
  const outcomes = trials.map((trial): [PropertyName, PropertyOutcome] => [
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

function outcomeOf({ property, violations, problem }: PropertyTrial, ended: boolean): PropertyOutcome {
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
