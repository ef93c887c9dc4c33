import type { Continuation } from '../core/counterexample.ts'
import { namedEvents } from '../core/event-names.ts'
import type { Schedule } from '../core/schedule.ts'
import type { StoryLine } from '../core/story.ts'
import type { PropertyName } from '../core/verdict.ts'
import type { PreparedScenario, RunResult } from '../run/run.interface.ts'

/** Continuations of each step. */
const TRIES = 6
/** Steps of a longer story are left out, at equal distances. */
const STEPS_MAX = 12
/** So many steps in a row that never went well: so it stays. */
const CERTAIN_AFTER = 2

export interface FailedRun {
  readonly result: RunResult
  readonly property: PropertyName
  readonly story: readonly StoryLine[]
}

/**
 * How a failing run could have gone on, from its start and from each step of its story: up to there
 * all is as it was; then no further fault strikes, nothing is held, and all latencies are others.
 * Ends with the steps from which none of them went well: at most 78 runs, and mostly some 20.
 * Empty where `stopped` became true before that: half of it would say something else.
 */
export async function continuations(
  prepared: Pick<PreparedScenario, 'run'>,
  { result, property, story }: FailedRun,
  stopped: () => boolean = () => false,
): Promise<readonly Continuation[]> {
  const tried: Continuation[] = []
  let certain = 0
  for (const { step, after } of stepsOf(story)) {
    let failed = 0
    for (let index = 1; index <= TRIES; index += 1) {
      if (stopped()) return []
      if (await fails(prepared, { result, property, after, seed: `step-${step}/${index}` })) failed += 1
    }
    tried.push({ step, failed, of: TRIES })
    certain = failed === TRIES ? certain + 1 : 0
    if (certain === CERTAIN_AFTER) break
  }
  return tried
}

interface ContinuationStep {
  /** As the story counts them; the start is 0. */
  readonly step: number
  /** Sequence number of the last event that the story has told by then; null: none. */
  readonly after: number | null
}

function stepsOf(story: readonly StoryLine[]): readonly ContinuationStep[] {
  let after = -1
  const steps: ContinuationStep[] = [{ step: 0, after: null }]
  for (const [index, { events, mark }] of story.entries()) {
    const last = Math.max(-1, ...events)
    // Two lines about one event are one step.
    if (mark === 'outcome' || last <= after) continue
    after = last
    steps.push({ step: index + 1, after })
  }
  const distance = Math.max(1, steps.length / (STEPS_MAX + 1))
  const chosen = new Set(steps.map((_, index) => Math.floor(Math.floor(index / distance) * distance)))
  return steps.filter((_, index) => chosen.has(index))
}

async function fails(
  prepared: Pick<PreparedScenario, 'run'>,
  {
    result,
    property,
    after,
    seed,
  }: Pick<FailedRun, 'result' | 'property'> & { readonly after: number | null; readonly seed: string },
): Promise<boolean> {
  const schedule = upTo(result, after)
  const { verdict } =
    after === null
      ? await prepared.run({ ...schedule, seed: `${schedule.seed}/${seed}` }, { stopAt: property })
      : await prepared.run(schedule, {
          stopAt: property,
          branch: { after, seed: `${schedule.seed}/${seed}` },
        })
  return verdict.violations.some((finding) => finding.property === property)
}

/** The schedule with what has struck or was held by then, and no more. */
function upTo({ schedule, history }: RunResult, after: number | null): Schedule {
  const past = after === null ? [] : history.events.slice(0, after + 1)
  const begun = new Set(
    past.flatMap((event) => (event.kind === 'fault' && event.phase === 'begins' ? [event.index] : [])),
  )
  const names = new Set(namedEvents(past).map(({ name }) => name))
  return {
    ...schedule,
    faults: schedule.faults.filter((_, index) => begun.has(index)),
    holds: schedule.holds.filter(({ event }) => names.has(event)),
  }
}
