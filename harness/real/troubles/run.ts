import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const ROOT = path.resolve(import.meta.dirname, '../../..')
const MAIN = path.join(ROOT, 'harness/cli/main.ts')
const LOOK_MS = 100
/** How long what was left may take to go after the command has ended. */
const GONE_MS = 15_000

/** A process that the command started, or that one of its own did. */
export interface Descendant {
  readonly pid: number
  readonly command: string
}

export interface Run {
  /** Arguments of the command, after `onceover`. */
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Called again and again with what runs, until it says that it has acted. */
  act?(pid: number, descendants: readonly Descendant[]): boolean
  /** Where temporary files go; default: a folder of its own. */
  readonly folder?: string
  readonly withinMs: number
}

export interface TroubleEnd {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** Lines of standard error. */
  readonly said: readonly string[]
  /** Processes and temporary files that are still there. */
  readonly left: readonly string[]
  readonly acted: boolean
  readonly ms: number
}

/** Runs the command line in a process of its own, breaks something, and looks at what is left. */
export async function run({ args, env = {}, act, folder, withinMs }: Run): Promise<TroubleEnd> {
  const own = folder ?? mkdtempSync(path.join(tmpdir(), 'onceover-trouble-'))
  const startedMs = performance.now()
  const child = spawn(process.execPath, ['--conditions=onceover-source', MAIN, ...args], {
    cwd: ROOT,
    env: { ...process.env, TMPDIR: own, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const pid = child.pid ?? 0
  let stderr = ''
  child.stderr.on('data', (bytes: Buffer) => {
    stderr += bytes.toString()
  })
  const ended = new Promise<[number | null, NodeJS.Signals | null]>((resolve) =>
    child.once('close', (code, signal) => resolve([code, signal])),
  )
  let over = false
  void ended.then(() => {
    over = true
  })
  const seen = new Map<number, string>()
  let acted = act === undefined
  while (!over && performance.now() - startedMs < withinMs) {
    const now = descendantsOf(pid)
    for (const each of now) seen.set(each.pid, each.command)
    if (!acted && act !== undefined) acted = act(pid, now)
    await sleep(LOOK_MS)
  }
  const hangs = !over
  if (hangs) child.kill('SIGKILL')
  const [code, signal] = await ended
  const ms = performance.now() - startedMs
  const left = await leftOf(seen, own)
  if (folder === undefined) rmSync(own, { recursive: true, force: true })
  const said = stderr.split('\n').filter((line) => line !== '')
  return { code, signal, said, left: hangs ? ['it hung', ...left] : left, acted, ms }
}

/** The processes and files of these that are there after a while. */
async function leftOf(seen: ReadonlyMap<number, string>, folder: string): Promise<string[]> {
  const endMs = performance.now() + GONE_MS
  for (;;) {
    const processes = [...seen].filter(([pid, command]) => commandOf(pid) === command)
    const files = readdirSync(folder).filter((name) => name.startsWith('onceover'))
    if ((processes.length === 0 && files.length === 0) || performance.now() > endMs)
      return [...processes.map(([pid, command]) => `${pid} ${command.slice(0, 80)}`), ...files]
    await sleep(LOOK_MS)
  }
}

function descendantsOf(root: number): Descendant[] {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    const parent = /^\d+$/.test(name) ? parentOf(Number(name)) : null
    if (parent !== null) parents.set(Number(name), parent)
  }
  const isBelow = (pid: number): boolean => {
    const parent = parents.get(pid)
    return parent !== undefined && (parent === root || isBelow(parent))
  }
  return [...parents.keys()].filter(isBelow).map((pid) => ({ pid, command: commandOf(pid) ?? '' }))
}

function parentOf(pid: number): number | null {
  try {
    return Number(/\) \S (\d+) /.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1] ?? Number.NaN)
  } catch {
    return null
  }
}

/** Null where there is no such process any longer, or nothing of it but its number. */
function commandOf(pid: number): string | null {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
    return command === '' ? null : command
  } catch {
    return null
  }
}
