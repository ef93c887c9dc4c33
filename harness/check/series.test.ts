import { describe, expect, it } from 'vitest'
import { COVERAGE, LAG } from '../../reports/testing/results.ts'
import type { MeasureSeries } from '../core/measure-series.ts'
import type { Scenario } from '../core/scenario.ts'
import { MEASURES } from '../core/verdict.ts'
import { prepareScenario } from '../scenario/prepare.ts'
import { coverageOfAll } from '../search/merged-coverage.ts'
import { checkScenario } from './check.ts'
import { withSeries } from './series.ts'
import commitsAfter from './testing/commits-after.scenario.ts'
import { foundOnly } from './testing/found-only.ts'

async function check(measures: Scenario['measures']): Promise<Awaited<ReturnType<typeof checkScenario>>> {
  const { measures: _, ...without } = commitsAfter
  const scenario = measures === undefined ? without : { ...without, measures }
  const settings = { seed: '1', runs: 4, strategy: 'portfolio', out: null, ...foundOnly() }
  return checkScenario({ scenario, file: null }, settings)
}

function named(series: readonly MeasureSeries[] | undefined, name: string): MeasureSeries | undefined {
  return series?.find(({ measure }) => measure === name)
}

describe('measures of a check, as series', () => {
  it('are of the runs in which each was highest, and reach what the coverage says', async () => {
    const { verdict, coverage } = await check({ lagMax: 1_000 })
    expect(verdict).toBe('held')
    expect(coverage?.series?.map(({ measure }) => measure)).toEqual([...MEASURES])
    for (const { measure, highest, lines } of coverage?.series ?? []) {
      expect(highest).toBe(coverage?.measured?.[measure])
      const values = lines.flatMap(({ points }) => points.map(([, value]) => value))
      expect(Math.max(0, ...values)).toBe(highest)
    }
    expect(named(coverage?.series, 'lagMax')).toMatchObject({ limit: 1_000 })
    expect(named(coverage?.series, 'recoveryMsMax')).toMatchObject({ limit: null })
  })

  it('are those of the counterexample where a limit is exceeded', async () => {
    const { counterexample } = await check({ lagMax: 0 })
    expect(named(counterexample?.series, 'lagMax')).toMatchObject({ limit: 0, highest: 1 })
  })

  it('nobody asked for them', async () => {
    expect((await check(undefined)).coverage).not.toHaveProperty('series')
  })
})

describe('a run that is only there to be drawn', () => {
  const schedule = {
    seed: '1',
    workload: { consumers: 1, brokers: 1, topics: {}, records: [] },
    faults: [],
    holds: [],
  }
  const drawn = async (interrupted: boolean): Promise<{ runs: number; remarks: readonly string[] }> => {
    const prepared = await prepareScenario(commitsAfter, { file: null })
    let runs = 0
    const run: typeof prepared.run = () => {
      runs += 1
      return Promise.reject(new Error('it broke'))
    }
    const { coverage, remarks } = await withSeries({
      prepared: { run, setting: prepared.setting },
      options: {},
      outcome: { coverage: COVERAGE, highestIn: new Map([['lagMax', schedule]]), interrupted },
    })
    expect(coverage).toBe(COVERAGE)
    return { runs, remarks }
  }

  it('and fails changes nothing but the remarks', async () => {
    expect(await drawn(false)).toEqual({ runs: 1, remarks: ['its measures are not drawn: it broke'] })
  })

  it('is left out where the time was up', async () => {
    expect(await drawn(true)).toEqual({ runs: 0, remarks: [] })
  })
})

it('of the parts of a search, each series is that of the part with the highest', () => {
  const low = { ...COVERAGE, series: [{ ...LAG, highest: 3 }] }
  const merged = coverageOfAll([low, COVERAGE, { ...COVERAGE, series: [LAG] }])
  expect(merged.series).toEqual([LAG])
  expect(coverageOfAll([COVERAGE, COVERAGE])).not.toHaveProperty('series')
})
