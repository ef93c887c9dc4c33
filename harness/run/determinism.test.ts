import { existsSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { atLeastOnce } from '../../properties/index.ts'
import { idleTimers } from '../clients/kafkajs/timers.ts'
import { prepareScenario } from '../scenario/prepare.ts'
import { reportingConsumer } from '../scenario/testing/consumers.ts'
import { node22, printedBy } from '../scenario/testing/other-node.ts'
import { FAULTS, hashes, prepareWork } from '../scenario/testing/schedules.ts'
import { search } from '../search/search.ts'

describe('the same schedule gives the same history', () => {
  let here: string[]

  beforeAll(async () => {
    here = await hashes()
  })

  it('in the same process, under vitest', async () => {
    expect(await hashes()).toEqual(here)
    expect(new Set(here).size).toBe(FAULTS.length)
  })

  it('in another process, without vitest', () => {
    expect(printedBy(process.execPath, 'print-hashes.ts')).toEqual(here)
  })

  it.skipIf(!existsSync(node22))('on Node 22', () => {
    expect(printedBy(node22, 'print-hashes.ts')).toEqual(here)
  })

  it('with and without the fast path for idle timers', async () => {
    idleTimers.quiet = false
    try {
      expect(await hashes()).toEqual(here)
    } finally {
      idleTimers.quiet = true
    }
  })

  it("uses kafkajs's production retries although NODE_ENV is test", async () => {
    expect(process.env['NODE_ENV']).toBe('test')
    const prepared = await prepareWork()
    const refused = {
      kind: 'link-refuse' as const,
      target: 'consumer-0~broker-0',
      at: { atMs: 0 },
      durationMs: 5_000,
    }
    const { history } = await prepared.run(
      { seed: 'r', workload: prepared.workload('r'), faults: [refused], holds: [] },
      { stopAt: 'end' },
    )
    const joined = history.events.find(
      (event) => event.kind === 'member-joined' && event.process === 'consumer-0',
    )
    // The test defaults of kafkajs would have been through all their retries (50 ms and a little)
    // long before.
    expect(joined?.timeUs).toBeGreaterThan(5_000_000)
  })
})

describe('the self-check', () => {
  it('names what left the simulation before anything was compared', async () => {
    let runs = 0
    const prepared = await prepareScenario(
      {
        name: 'leaky',
        topics: { work: { partitions: 1 } },
        records: { work: 2 },
        consumers: 1,
        guarantee: atLeastOnce(),
        app: async (context) => {
          runs += 1
          const { mkdtempDisposable } = await import('node:fs/promises')
          await (await mkdtempDisposable(path.join(tmpdir(), 'onceover-'))).remove()
          if (runs % 2 === 0) await new Promise((resolve) => setTimeout(resolve, 7))
          await reportingConsumer(context)
        },
      },
      { file: import.meta.filename },
    ).catch((error: unknown) => error)
    // A real folder is made at a time that nobody controls: no verdict, and its name.
    expect(String(prepared)).toMatch(/real asynchronous work was started .*: FSREQPROMISE in consumer-0/)
  })

  it('calls a run that does not repeat a harness error, and names the difference', async () => {
    let runs = 0
    const prepared = await prepareScenario(
      {
        name: 'moody',
        topics: { work: { partitions: 1 } },
        records: { work: 2 },
        consumers: 1,
        guarantee: atLeastOnce(),
        app: async (context) => {
          runs += 1
          await new Promise((resolve) => setTimeout(resolve, runs))
          await reportingConsumer(context)
        },
      },
      { file: import.meta.filename },
    )
    const outcome = await search(prepared, { seed: '1', runs: 5, strategy: 'portfolio' })
    expect(outcome).toMatchObject({ outcome: 'nondeterministic', runs: 1 })
    if (outcome.outcome === 'nondeterministic')
      expect(outcome.difference).toMatch(
        /^event \d+, 'consumer-0 .*', was .* in the first run and .* in the second/,
      )
  })
})

describe('ten idle virtual minutes of two connected consumers', () => {
  it('cost under 8,000 events', async () => {
    const { measureIdle } = await import('../bench/idle.ts')
    const idle = await measureIdle(1 / 6)
    expect(idle.virtualHours).toBeGreaterThanOrEqual(1 / 6)
    expect(idle.dispatched).toBeLessThan(8_000)
  })
})

it('the package says that it needs Node 22.22 or later', () => {
  const { engines } = JSON.parse(readFileSync('package.json', 'utf8')) as { engines: { node: string } }
  expect(engines.node).toBe('>=22.22')
})
