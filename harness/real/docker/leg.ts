/**
 * `npm run real:docker`: a counterexample and a correct twin on a Kafka in containers, by docker
 * compose with one broker and with three, and by testcontainers. Uses the Docker that answers here,
 * and the official images; where none does, a daemon of its own and images made of what registries
 * of packages have. Ends with 1 where something is not as it should be.
 */
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { confirmationWords, outcomeOf } from '../../core/confirmation.ts'
import { dockerProvider } from '../providers/docker.ts'
import { KeptProvider } from '../providers/kept.ts'
import type { Provider } from '../providers/provider.interface.ts'
import { runs } from '../providers/runs.ts'
import { testcontainersProvider } from '../providers/testcontainers.ts'
import { COMMITS, clicks, REFUSED, replayed } from '../replayed.ts'
import { RELEASE_DEFAULT } from '../settings.ts'
import { addComposePlugin } from './compose-plugin.ts'
import { Daemon } from './daemon.ts'
import { importStandIns } from './stand-ins.ts'

const run = promisify(execFile)
const say = (line: string): void => void process.stdout.write(`${line}\n`)

const INTERRUPTED = 130

interface DockerLeg {
  readonly name: string
  readonly provider: Provider
  readonly brokers: number
}

const LEGS: readonly DockerLeg[] = [
  { name: 'docker compose, one broker', provider: dockerProvider, brokers: 1 },
  { name: 'docker compose, three brokers', provider: dockerProvider, brokers: 3 },
  { name: 'testcontainers, one broker', provider: testcontainersProvider, brokers: 1 },
  { name: 'testcontainers, three brokers', provider: testcontainersProvider, brokers: 3 },
]

/** Parts of names: only those legs. */
const only = process.argv.slice(2)
process.exit(await main())

async function main(): Promise<number> {
  if (await runs('docker', ['version'])) {
    say('the Docker that answers here, and its images')
    return legs()
  }
  const missing = await missingForOurs()
  if (missing !== null) {
    say(`skipped: no Docker answers here, and ${missing}`)
    return 0
  }
  say('a Docker of our own, with images that stand in for the official ones')
  const folder = mkdtempSync(path.join(tmpdir(), 'onceover-docker-'))
  const daemon = await Daemon.start(path.join(folder, 'daemon'))
  try {
    process.env['DOCKER_HOST'] = `unix://${daemon.socket}`
    process.env['DOCKER_CONFIG'] = path.join(folder, 'config')
    // Its image can't be pulled; what testcontainers started is stopped by the provider.
    process.env['TESTCONTAINERS_RYUK_DISABLED'] = 'true'
    await timed('docker compose, from the Go module proxy', () =>
      addComposePlugin(path.join(folder, 'config')),
    )
    await timed('images', () => importStandIns(path.join(folder, 'images'), RELEASE_DEFAULT))
    return await Promise.race([legs(), interrupted()])
  } finally {
    await daemon.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Ctrl-C leaves no daemon behind: what it has started ends with it. */
async function interrupted(): Promise<number> {
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
  say('interrupted')
  return INTERRUPTED
}

async function legs(): Promise<number> {
  let wrong = 0
  const wanted = LEGS.filter(({ name }) => only.length === 0 || only.some((part) => name.includes(part)))
  for (const leg of wanted) if (!(await isRight(leg))) wrong += 1
  const left = await leftovers()
  if (left !== '') say(`WRONG: left behind: ${left}`)
  return wrong === 0 && left === '' ? 0 : 1
}

async function isRight(leg: DockerLeg): Promise<boolean> {
  try {
    return await played(leg)
  } catch (error) {
    say(`WRONG: ${leg.name}: ${error instanceof Error ? error.message : String(error)}`)
    return false
  }
}

/** @throws RealClusterError, also where the cluster can't be taken away */
async function played({ name, provider, brokers }: DockerLeg): Promise<boolean> {
  const missing = await provider.missing()
  if (missing !== null) {
    say(`WRONG: ${name}: ${missing}`)
    return false
  }
  const kept = new KeptProvider(provider)
  const schedule = clicks([REFUSED])
  const several = { ...schedule, workload: { ...schedule.workload, brokers } }
  const property = 'commit-regression' as const
  try {
    const startedMs = performance.now()
    const fails = await replayed(`${COMMITS}.ts`, several, { property, provider: kept })
    const totalMs = performance.now() - startedMs
    const holds = await replayed(`${COMMITS}.twin.ts`, several, { property, provider: kept })
    const right = outcomeOf(fails.confirmation) === 'confirmed' && holds.confirmation.reproduced === 0
    const tryMs = fails.confirmation.tries[0]?.ms ?? 0
    const seconds = `start ${((totalMs - tryMs) / 1000).toFixed(1)} s, a try ${(tryMs / 1000).toFixed(1)} s`
    const twin = `its twin held in ${holds.confirmation.of - holds.confirmation.reproduced} of ${holds.confirmation.of}`
    say(`${right ? 'ok' : 'WRONG'}: ${name}: ${confirmationWords(fails.confirmation)}, ${twin} (${seconds})`)
    return right
  } finally {
    await kept.close()
  }
}

/** Containers and networks of ours that are still there. */
async function leftovers(): Promise<string> {
  const containers = await run('docker', ['ps', '--all', '--format', '{{.Names}} {{.Image}}'])
  const networks = await run('docker', [
    'network',
    'ls',
    '--format',
    '{{.Name}}',
    '--filter',
    'name=onceover-',
  ])
  const ours = containers.stdout.split('\n').filter((line) => /apache\/kafka|shopify\/toxiproxy/.test(line))
  return [...ours, networks.stdout.trim()].filter((line) => line !== '').join(', ')
}

async function missingForOurs(): Promise<string | null> {
  if (process.getuid?.() !== 0) return 'a daemon of our own takes root'
  for (const [command, args] of Object.entries({
    dockerd: ['--version'],
    docker: ['--version'],
    iptables: ['--version'],
    java: ['-version'],
    jlink: ['--version'],
    mvn: ['-v'],
    go: ['version'],
  }))
    if (!(await runs(command, args))) return `there is no ${command}`
  return existsSync('/bin/busybox') ? null : 'there is no /bin/busybox (Debian: busybox-static)'
}

async function timed(what: string, work: () => Promise<void>): Promise<void> {
  const startedMs = performance.now()
  await work()
  say(`${what}: ${((performance.now() - startedMs) / 1000).toFixed(1)} s`)
}
