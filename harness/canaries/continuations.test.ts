import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { tell } from '../../properties/index.ts'
import type { Continuation } from '../core/counterexample.ts'
import type { Schedule } from '../core/schedule.ts'
import type { PropertyName } from '../core/verdict.ts'
import type { PreparedScenario } from '../run/run.interface.ts'
import { loadScenarioFile } from '../scenario/load.ts'
import { prepareScenario } from '../scenario/prepare.ts'
import { continuations, type FailedRun } from '../search/continuations.ts'

interface Bundled {
  readonly scenario: string
  readonly property: PropertyName
  readonly schedule: Schedule
}

const BUNDLED = JSON.parse(
  readFileSync(path.join(import.meta.dirname, 'counterexamples.json'), 'utf8'),
) as readonly Bundled[]

interface Failed {
  readonly prepared: PreparedScenario
  readonly failed: FailedRun
}

const failedRuns = new Map<string, Promise<Failed>>()

function failedRun(folder: string): Promise<Failed> {
  const known = failedRuns.get(folder) ?? failAgain(folder)
  failedRuns.set(folder, known)
  return known
}

async function failAgain(folder: string): Promise<Failed> {
  const scenario = `scenarios/mutants/${folder}/kafkajs.ts`
  const bundled = BUNDLED.find((each) => each.scenario === scenario)
  const file = path.resolve(import.meta.dirname, '../..', scenario)
  const [loaded] = await loadScenarioFile(file)
  if (bundled === undefined || loaded === undefined) throw new Error(`there is no ${scenario}`)
  const { schedule, property } = bundled
  const prepared = await prepareScenario(loaded.scenario, { file })
  const result = await prepared.run(schedule, { stopAt: property })
  const finding = result.verdict.violations.find((each) => each.property === property)
  if (finding === undefined) throw new Error(`${scenario} no longer shows ${property}`)
  return { prepared, failed: { result, property, story: tell(result.history, finding).story } }
}

/** The first step from which no continuation goes well. */
function inevitable(tried: readonly Continuation[]): number | undefined {
  return tried[tried.findLastIndex(({ failed, of }) => failed < of) + 1]?.step
}

describe('the moment from which a violation can no longer be avoided', () => {
  it.each([
    ['m03-commits-first', 'crash'],
    ['m06-swallowed-error', 'trouble'],
    ['m09-heartbeat-hides-hang', 'work'],
  ])('of %s is where its fault strikes', async (folder, mark) => {
    const { prepared, failed } = await failedRun(folder)
    const tried = await continuations(prepared, failed)
    const step = inevitable(tried) ?? 0
    expect(failed.story[step - 1]).toMatchObject({ fault: 0, mark })
    expect(tried.slice(0, step)).toEqual(
      Array.from({ length: step }, (_, before) => ({ step: before, failed: 0, of: 6 })),
    )
  })

  it('is looked for in runs that are the same up to a step, and others behind it', async () => {
    const { prepared, failed } = await failedRun('m03-commits-first')
    const { result, story } = failed
    const after = story[1]?.events[0] ?? 0
    const run = (seed: string) => prepared.run(result.schedule, { branch: { after, seed } })
    const [one, again, other] = [await run('a'), await run('a'), await run('b')]
    const past = result.history.events.slice(0, after + 1)
    expect(one.history.events.slice(0, after + 1)).toEqual(past)
    expect(other.history.events.slice(0, after + 1)).toEqual(past)
    expect(one.historyHash()).toBe(again.historyHash())
    expect(new Set([result, one, other].map((each) => each.historyHash())).size).toBe(3)
  })

  it('is not looked for any further once the check was stopped, and half of it is not told', async () => {
    const { prepared, failed } = await failedRun('m03-commits-first')
    let runs = 0
    const counted: Pick<PreparedScenario, 'run'> = {
      run: (schedule, options) => {
        runs += 1
        return prepared.run(schedule, options)
      },
    }
    expect(await continuations(counted, failed, () => runs === 8)).toEqual([])
    expect(runs).toBe(8)
  })
})
