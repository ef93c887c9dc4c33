import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkScenario } from '../check/check.ts'
import { STRATEGY_DEFAULT } from '../check/settings.ts'
import { foundOnly } from '../check/testing/found-only.ts'
import type { ScenarioResult } from '../core/result.ts'
import { loadScenarioFile } from '../scenario/load.ts'
import { SCENARIOS } from './search-file.ts'

const scenarios = await loadScenarioFile(path.join(SCENARIOS, 'reliability/vacuous.ts'))

async function checked(name: string, runs = 6): Promise<ScenarioResult> {
  const found = scenarios.find(({ scenario }) => scenario.name === name)
  if (found === undefined) throw new Error(`there is no scenario '${name}'`)
  const settings = { seed: '1', runs, strategy: STRATEGY_DEFAULT, out: null }
  // The verdict is all that is looked at: what was found need not be shrunk.
  return checkScenario(found, { ...settings, ...foundOnly() })
}

describe('a scenario that is wrong or checks nothing', () => {
  it.each([
    ['a handler that never ends', 'stuck-partition'],
    ['begins at the end of the log', 'lost-record'],
    ['exactly once, by a label that is another each time', 'duplicate-effect'],
    ['exactly once, by handlers alone', 'duplicate-effect'],
    ['effects that nobody waits for', 'lost-record'],
    ['effects of the first record only', 'lost-record'],
    ['exits after its first record', 'duplicate-effect'],
    ['effects whose errors are swallowed', 'lost-record'],
    ['drops the second of three equal records', 'lost-record'],
  ])('%s: violated', async (name, property) => {
    const { verdict, violations } = await checked(name)
    expect([verdict, violations[0]?.property]).toEqual(['violated', property])
  })

  it.each([
    ['subscribes and never runs', 'never consumed a topic'],
    ['outputs in a topic that nobody writes', 'which is none of the scenario'],
    ['effects of another topic', "no topic 'wrok' has any record"],
    ['effects of a partition that is not there', 'work/99@'],
    ['effects of the next offset', 'work/0 ends before'],
    ['effects without an offset', 'offset NaN'],
    ['effects without any offset', 'offset undefined'],
    ['a service outside, whose error is swallowed', 'calls fetch for http://audit.example'],
  ])('%s: cannot be checked', async (name, part) => {
    const { verdict, usageError, problem } = await checked(name)
    expect([verdict, usageError]).toEqual(['error', true])
    expect(problem).toContain(part)
  })

  // What is held says on what it stands.
  it.each([
    ['a handler that does nothing', 'judged by its handlers'],
    ['a handler that leaves its work to a timer', 'judged by its handlers'],
    ['records that nobody reads', 'mail'],
  ])('%s: held, and a line says by what', async (name, part) => {
    const { verdict, remarks } = await checked(name)
    expect(verdict).toBe('held')
    expect(remarks.join('\n')).toContain(part)
  })

  it('what is allowed is noted all the same', async () => {
    const { verdict, notes } = await checked('allows everything')
    expect([verdict, notes.map(({ property }) => property)]).toEqual([
      'held',
      expect.arrayContaining(['stuck-partition']),
    ])
  })

  // Offsets and partitions as clients and their users write them, and options that ask for nothing.
  it.each([
    'no faults',
    'skips everything',
    'effects with an offset behind zeros',
    'effects with an offset of a library for long numbers',
    'effects with a partition as text',
    'dead letters in a topic that nobody writes',
    'a topic without records',
  ])('%s: held', async (name) => {
    expect((await checked(name)).verdict).toBe('held')
  })

  // A duplicate is allowed there, and so it is noted.
  it.each(['at most once, strictly, by a consumer that is not', 'another group at each start'])(
    '%s: held, and its duplicates are noted',
    async (name) => {
      const { verdict, notes } = await checked(name, 12)
      expect([verdict, notes.map(({ property }) => property)]).toEqual([
        'held',
        expect.arrayContaining(['duplicate-effect']),
      ])
    },
  )

  it('has each its expectation here', () => {
    expect(scenarios).toHaveLength(30)
  })
})
