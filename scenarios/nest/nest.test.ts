import { existsSync } from 'node:fs'
import path from 'node:path'
import { type CheckResult, check, type Scenario } from 'onceover'
import { describe, expect, it } from 'vitest'
import { searchScenario } from '../../harness/canaries/search-file.ts'
import { storyComplaints } from '../../harness/canaries/story-checks.ts'
import { tell } from '../../properties/index.ts'
import nest10 from './nest-10.scenario.ts'
import { logs, rethrows } from './nest-11.scenario.ts'
import nest12 from './nest-12.scenario.ts'
import { oneTransaction } from './nest-12-typeorm.scenario.ts'

const missing = ['nest-10', 'nest-11', 'nest-12', 'nest-12-typeorm'].filter(
  (name) => !existsSync(path.join(import.meta.dirname, name, 'node_modules/@nestjs/core')),
)
if (missing.length > 0)
  process.stderr.write(`skipped: NestJS is not installed in ${missing.join(', ')}; type npm run nest\n`)

const checked = (scenario: Scenario, runs: number): Promise<CheckResult> =>
  check(scenario, { runs, seed: 1, out: null })

describe.skipIf(missing.length > 0)('a NestJS service, run from its TypeScript', () => {
  it.each([
    ['10: events and questions, CommonJS', nest10],
    ['11: path aliases, and a filter that gives errors back', rethrows],
    ['12: HTTP and a consumer, ES modules', nest12],
    ['12 with TypeORM: entities by decorators, one transaction', oneTransaction],
  ])('%s: held', async (_name, scenario) => {
    const { verdict, report } = await checked(scenario, 12)
    expect(verdict, report).toBe('held')
  })

  it('11: a filter that only logs errors loses what could not be saved', async () => {
    const file = path.join(import.meta.dirname, 'nest-11.scenario.ts')
    const found = await searchScenario({ scenario: logs, file }, '1', 12)
    if (found.outcome !== 'violated') throw new Error(`${found.outcome} after ${found.runs}`)
    const { finding, shrunk } = found
    const { history } = shrunk.result
    expect(finding.property).toBe('lost-record')
    expect(storyComplaints({ events: history.events, finding, ...tell(history, finding) })).toEqual([])
  })
})
