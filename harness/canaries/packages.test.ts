import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { PUBLISHED } from '../../scenarios/field/packages/list.ts'
import { LIBRARIES } from '../../scenarios/libraries/list.ts'
import { readCounterexample } from '../check/counterexample-file.ts'
import { replayFile } from '../check/replay.ts'
import { SCENARIOS } from './search-file.ts'
import { storyComplaints } from './story-checks.ts'

const PACKAGES = path.join(SCENARIOS, 'field/packages')
const REPLAYS = path.join(PACKAGES, 'replays')
const replays = readdirSync(REPLAYS)
const missing = !existsSync(path.join(PACKAGES, 'npm/node_modules/kafkajs'))
if (missing) process.stderr.write('skipped: published packages are not installed; type npm run packages\n')

describe('published packages', () => {
  it('have a replay file each where they are violated', () => {
    const named = replays.map((file) => readCounterexample(path.join(REPLAYS, file)).scenario.name)
    const violated = PUBLISHED.filter(({ violates }) => violates !== undefined)
    expect(named.toSorted()).toEqual(violated.map(({ name }) => name).toSorted())
  })

  it('and libraries have a service each', () => {
    const services = readdirSync(path.join(SCENARIOS, 'libraries/npm/src'))
    expect(services.filter((file) => file !== 'consume.ts').toSorted()).toEqual(
      LIBRARIES.map(({ name }) => `${name}.ts`).toSorted(),
    )
  })

  it.skipIf(missing).each(replays)('show their defect again: %s', async (file) => {
    const { replay, events } = await replayFile(path.join(REPLAYS, file))
    const { outcome, finding, explanation } = replay
    expect(outcome).toBe('same')
    if (finding === null || explanation === null) throw new Error('nothing is shown')
    expect(storyComplaints({ events, finding, ...explanation })).toEqual([])
  })
})
