import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)
const STARTED_MS = 60_000
const ENDED_MS = 30_000
const LOOK_MS = 200
const TABLES = ['filter', 'nat'] as const
const FORWARDING = '/proc/sys/net/ipv4/ip_forward'

/** The parts of this machine that a daemon changes, as they were before. */
interface HostBefore {
  readonly rules: ReadonlyMap<string, ReadonlySet<string>>
  readonly bridges: ReadonlySet<string>
  readonly forwarding: string
}

/** A Docker daemon of our own, in a folder of its own, for a machine that runs none. */
export class Daemon {
  readonly #process: ChildProcess
  readonly #before: HostBefore
  readonly socket: string

  private constructor(process: ChildProcess, socket: string, before: HostBefore) {
    this.#process = process
    this.socket = socket
    this.#before = before
  }

  /** @throws Error with its last words where it does not come up */
  static async start(folder: string): Promise<Daemon> {
    mkdirSync(folder, { recursive: true })
    const before = await machineNow()
    const socket = path.join(folder, 'docker.sock')
    const logFile = path.join(folder, 'dockerd.log')
    const log = openSync(logFile, 'a')
    const places = ['--data-root', 'data', '--exec-root', 'exec', '--pidfile', 'dockerd.pid']
    const args = places.map((each) => (each.startsWith('--') ? each : path.join(folder, each)))
    const process = spawn('dockerd', [...args, '-H', `unix://${socket}`], {
      stdio: ['ignore', log, log],
      detached: true,
    })
    closeSync(log)
    const daemon = new Daemon(process, socket, before)
    const endMs = performance.now() + STARTED_MS
    while (!(await daemon.#answers())) {
      const hasEnded = process.exitCode !== null || process.signalCode !== null
      if (hasEnded || performance.now() > endMs) {
        await daemon.stop()
        throw new Error(`dockerd did not come up: ${readFileSync(logFile, 'utf8').trim().slice(-400)}`)
      }
      await sleep(LOOK_MS)
    }
    return daemon
  }

  /** Ends it, and takes away what it did to this machine's network. */
  async stop(): Promise<void> {
    const { exitCode, signalCode, pid } = this.#process
    // One that a signal has ended has no exit code, and has said `exit` already.
    if (exitCode === null && signalCode === null && pid !== undefined) {
      const ended = new Promise((resolve) => this.#process.once('exit', resolve))
      this.#process.kill('SIGTERM')
      const late = sleep(ENDED_MS, 'late', { ref: false })
      if ((await Promise.race([ended, late])) === 'late') this.#process.kill('SIGKILL')
      await ended
    }
    await restore(this.#before)
  }

  #answers(): Promise<boolean> {
    return run('docker', ['-H', `unix://${this.socket}`, 'version']).then(
      () => true,
      () => false,
    )
  }
}

async function machineNow(): Promise<HostBefore> {
  const rules = new Map<string, ReadonlySet<string>>()
  for (const table of TABLES) rules.set(table, new Set(await rulesOf(table)))
  return { rules, bridges: new Set(await bridges()), forwarding: readFileSync(FORWARDING, 'utf8').trim() }
}

async function rulesOf(table: string): Promise<string[]> {
  const { stdout } = await run('iptables', ['-t', table, '-S'])
  return stdout.split('\n').filter((line) => line !== '')
}

/** Rules go before the chains that they lead to. */
async function restore({ rules, bridges: there, forwarding }: HostBefore): Promise<void> {
  for (const table of TABLES) {
    const known = rules.get(table) ?? new Set()
    const added = (await rulesOf(table)).filter((line) => !known.has(line))
    const of = (kind: string): string[][] =>
      added.filter((line) => line.startsWith(kind)).map((line) => line.slice(kind.length).split(' '))
    const change = (...args: string[]): Promise<unknown> => run('iptables', ['-t', table, ...args])
    for (const rule of of('-A ')) await change('-D', ...rule.map((word) => word.replaceAll('"', '')))
    for (const chain of of('-N ')) await change('-X', ...chain)
    for (const policy of [...known].filter((line) => line.startsWith('-P ')))
      await change(...policy.split(' '))
  }
  // One of a network that was not taken away before the daemon ended is among them.
  for (const bridge of await bridges()) if (!there.has(bridge)) await run('ip', ['link', 'delete', bridge])
  await run('sysctl', ['-qw', `net.ipv4.ip_forward=${forwarding}`])
}

/** Docker's own, and those of its networks. */
async function bridges(): Promise<string[]> {
  const { stdout } = await run('ip', ['-oneline', 'link', 'show', 'type', 'bridge'])
  return [...stdout.matchAll(/^\d+: (docker0|br-[0-9a-f]{12}):/gm)].flatMap(([, name]) => name ?? [])
}
