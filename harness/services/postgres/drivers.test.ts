import { describe, expect, it } from 'vitest'
import { exactlyOnce } from '../../../properties/index.ts'
import type { Fault } from '../../core/fault.ts'
import type { Scenario } from '../../core/scenario.ts'
import { prepareScenario } from '../../scenario/prepare.ts'
import { postgres } from './index.ts'

function scenarioOf(driver: string): Scenario {
  return {
    name: driver,
    topics: { work: { partitions: 2 } },
    records: { work: 4 },
    consumers: 2,
    app: { module: `./testing/drivers/${driver}.ts` },
    services: { db: postgres({ schema: './testing/rows.sql' }) },
    effects: { from: 'db', query: 'select topic, part as partition, off as "offset" from rows' },
    guarantee: exactlyOnce(),
  }
}

describe.each(['postgres-js', 'knex', 'drizzle', 'kysely', 'typeorm'])('%s, unmodified', (driver) => {
  it('holds where the answer to a commit is lost, and gives the same history twice', async () => {
    const prepared = await prepareScenario(scenarioOf(driver), { file: import.meta.filename })
    const target = 'consumer-0 db COMMIT#1'
    const fault: Fault = { kind: 'service-answer-lost', target, at: { event: `${target} sent` } }
    const schedule = { seed: '1', workload: prepared.workload('1'), faults: [fault], holds: [] }
    const first = await prepared.run(schedule, { stopAt: 'end' })
    const second = await prepared.run(schedule, { stopAt: 'end', watchLeaks: true })
    expect([first.skipped, first.verdict.verdict]).toEqual([[], 'held'])
    expect(first.history.events.filter(({ kind }) => kind === 'effect')).toHaveLength(4)
    expect(second.historyHash()).toBe(first.historyHash())
  })
})
