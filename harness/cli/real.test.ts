import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { toxiproxyHere } from '../real/testing/served-kafka.ts'
import { type ServedCluster, serve } from '../serve/serve.ts'
import { replayOnReal } from '../vitest/index.ts'
import { EXIT } from './exit.ts'
import { parseArguments } from './options.ts'
import { SCENARIOS } from './testing/run-cli.ts'
import { runMain } from './testing/run-main.ts'

const toxiproxy = await toxiproxyHere()
const skip = 'none' in toxiproxy
if ('none' in toxiproxy) console.warn(`skipped: commands on a served cluster (${toxiproxy.none})`)
else vi.stubEnv('ONCEOVER_TOXIPROXY', toxiproxy.binary)
afterAll(() => vi.unstubAllEnvs())

/** Fails without a fault, so that a try takes a moment. */
const AHEAD = `${SCENARIOS}/commits-ahead.scenario.ts`
const folder = mkdtempSync(path.join(tmpdir(), 'onceover-'))
const report = (name: string): string => path.join(folder, name)

/** The simulated cluster on TCP, as a cluster that is there already. */
async function served<T>(use: (provider: string, cluster: ServedCluster) => Promise<T>): Promise<T> {
  const settings = { 'group.initial.rebalance.delay.ms': 0 }
  await using cluster = await serve({ settings })
  return await use(`brokers=${cluster.addresses.join(',')}`, cluster)
}

describe('check --confirm', () => {
  it('takes a number, or none', () => {
    const timesOf = (...args: string[]): unknown => {
      const parsed = parseArguments(['check', ...args])
      return parsed.command === 'check' ? [parsed.confirmTimes, parsed.files] : parsed
    }
    expect(timesOf('x.ts')).toEqual([undefined, ['x.ts']])
    expect(timesOf('--confirm', 'x.ts', '--quiet')).toEqual([3, ['x.ts']])
    expect(timesOf('x.ts', '--confirm')).toEqual([3, ['x.ts']])
    expect(timesOf('--confirm', '7', 'x.ts')).toEqual([7, ['x.ts']])
    expect(timesOf('--confirm=7', 'x.ts')).toEqual([7, ['x.ts']])
  })
})

describe.skipIf(skip)('what a check finds, on a cluster that is there', () => {
  it('is confirmed in every report, replayed by its file, and leaves nothing behind', async () => {
    await served(async (provider, { admin }) => {
      const confirmed = 'Confirmed on the Kafka that was named: 1 of 1.'
      const json = report('results.json')
      const junit = report('junit.xml')
      const html = report('results.html')
      const out = report('found')
      const reports = ['--json', json, '--junit', junit, '--html', html, '--out', out]
      const check = await runMain(
        ['check', AHEAD, '--seed', '1', '--jobs', '1', '--confirm', '1', '--provider', provider, ...reports],
        { env: { GITHUB_ACTIONS: 'true' } },
      )
      expect(check.code).toBe(EXIT.violated)
      const [terminal = '', github = ''] = check.stdout.split('::error')
      expect(terminal).toContain(confirmed)
      expect(github).toContain(confirmed)
      expect(readFileSync(junit, 'utf8')).toContain(confirmed)
      expect(readFileSync(html, 'utf8')).toContain(confirmed)
      expect(check.stderr).toContain('try 1 of 1: reproduced')
      const { scenarios } = JSON.parse(readFileSync(json, 'utf8'))
      const [{ counterexample }] = scenarios
      expect(counterexample.confirmation).toMatchObject({
        property: 'commit-ahead',
        reproduced: 1,
        of: 1,
      })

      const file: string = counterexample.file
      const replay = await runMain([
        'replay',
        file,
        '--on',
        'real',
        '--times',
        '1',
        '--hurry',
        '--provider',
        provider,
        '--timeline',
        '--json',
        '-',
      ])
      expect(replay.code).toBe(EXIT.violated)
      expect(JSON.parse(replay.stdout)).toMatchObject({
        version: 1,
        outcome: 'confirmed',
        reproduced: 1,
        of: 1,
      })
      expect(replay.stderr).toContain('— safety —')

      const confirmation = await replayOnReal(file, { provider, times: 1 })
      expect(confirmation).toMatchObject({ reproduced: 1, of: 1 })

      expect(admin.groups()).toEqual([])
      expect(admin.topics().filter(({ name }) => !name.startsWith('__'))).toEqual([])
    })
  })

  it('is not lost where no Kafka answers there', async () => {
    const check = await runMain([
      'check',
      AHEAD,
      '--seed',
      '1',
      '--jobs',
      '1',
      '--confirm',
      '1',
      '--provider',
      'brokers=127.0.0.1:1',
      '--out',
      report('elsewhere'),
    ])
    expect(check.code).toBe(EXIT.violated)
    expect(check.stdout).toContain('commit-ahead: ')
    expect(check.stdout).toMatch(/It could not be tried on a real Kafka: no Kafka answers at 127\.0\.0\.1:1/)
  })

  it('ends with one sentence where its Kafka goes away', async () => {
    const cluster = await serve({ settings: { 'group.initial.rebalance.delay.ms': 0 } })
    const provider = `brokers=${cluster.addresses.join(',')}`
    const out = report('away')
    const check = await runMain(['check', AHEAD, '--seed', '1', '--jobs', '1', '--out', out])
    const file = /replay (\S+\.json)/.exec(check.stdout)?.[1] ?? ''
    const gone = (async () => {
      while (cluster.admin.groups().length === 0) await sleep(10)
      await cluster.stop()
    })()
    const replay = await runMain(['replay', file, '--on', 'real', '--provider', provider])
    await gone
    expect(replay.code).toBe(EXIT.harness)
    expect(replay.stderr.trim().split('\n').at(-1)).toBe(
      `onceover: no broker listens at ${cluster.addresses[0]} any more`,
    )
  })

  it('takes one cluster for each lane', async () => {
    await served(async (provider) => {
      const check = await runMain(['check', AHEAD, '--seed', '1', '--jobs', '1', '--out', report('lanes')])
      expect(check.code).toBe(EXIT.violated)
      const file = /replay (\S+\.json)/.exec(check.stdout)?.[1] ?? ''
      const replay = await runMain([
        'replay',
        file,
        '--on',
        'real',
        '--times',
        '2',
        '--lanes',
        '2',
        '--provider',
        provider,
      ])
      expect(replay.code).toBe(EXIT.wrongUse)
      expect(replay.stderr).toContain("--lanes 2 takes 2 clusters, and 'brokers' has one")
    })
  })
})
