import { execFileSync, spawn } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { HarnessError } from '../../../core/errors.ts'
import type { Binaries, UnixUser } from './binaries.ts'
import { ClockPage } from './clock-page.ts'
import { CLOCK_FILE, CLOCK_SOURCE } from './clock-source.ts'
import { REAL_DEADLOCK_MS } from './rest.ts'

/** A server that runs. It ends with this thread, however that ends, and its folder is removed. */
export interface StartedServer {
  /** Path of its Unix socket. */
  readonly socket: string
  /** File of its clock's page; null: it has the machine's time and chance. */
  readonly clock: string | null
  /** Why it has no clock of the run, or null. */
  readonly whyNoClock: string | null
  /** The text of its log. */
  log(): string
}

/** 2025-01-01T00:00:00Z: tables are made at the time at which runs begin. */
export const BOOT_US = 1_735_689_600_000_000

const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '',
  max_connections: '120',
  shared_buffers: '16MB',
  dynamic_shared_memory_type: 'mmap',
  // Nothing of a run is to outlive a crash of the machine.
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_logical_replication_workers: '0',
  checkpoint_timeout: '1d',
  // What would happen by itself, at some time.
  autovacuum: 'off',
  track_counts: 'off',
  jit: 'off',
  synchronize_seqscans: 'off',
  max_parallel_workers_per_gather: '0',
  max_parallel_maintenance_workers: '0',
  timezone: 'UTC',
  log_timezone: 'UTC',
}

/** The shell that waits for our end of the pipe: when that is gone, so is the server. */
const KEEPER = `folder=$1; shift
"$@" 3<&- & server=$!
read -r _ <&3
kill -QUIT $server 2>/dev/null
for _ in 1 2 3 4 5 6 7 8 9 10; do kill -0 $server 2>/dev/null || break; sleep 0.1; done
kill -KILL $server 2>/dev/null
wait $server
rm -rf "$folder"`

const READY_MS_MAX = 60_000
const LOOK_MS = 10

/** Makes an empty cluster in a temporary folder, and starts a server on it. */
export async function startServer(
  { folder: binaries }: Binaries,
  user: UnixUser | null,
): Promise<StartedServer> {
  // The folder of another user's server can't be below one that is root's alone.
  const folder = mkdtempSync(path.join(user === null ? os.tmpdir() : '/tmp', 'onceover-pg-'))
  const as = user ?? {}
  const own = (name: string): string => path.join(folder, name)
  try {
    const { clock, whyNoClock } = prepareClock(folder)
    if (user !== null)
      for (const each of [folder, ...(clock === null ? [] : [clock])]) chownSync(each, user.uid, user.gid)
    const options = ['-A', 'trust', '-U', 'postgres', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync']
    execFileSync(path.join(binaries, 'initdb'), ['-D', own('data'), '--wal-segsize=1', ...options], {
      ...as,
      cwd: folder,
      stdio: 'pipe',
    })
    const settings = {
      ...SETTINGS,
      unix_socket_directories: folder,
      ...(clock === null ? { deadlock_timeout: String(REAL_DEADLOCK_MS) } : {}),
    }
    const preload = clock === null ? [] : [`LD_PRELOAD=${own('clock.so')}`, `${CLOCK_FILE}=${clock}`]
    const command = [path.join(binaries, 'postgres'), '-D', own('data')]
    const given = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    const log = openSync(own('server.log'), 'w')
    const keeper = spawn(
      '/bin/sh',
      ['-c', KEEPER, 'sh', folder, 'env', 'LC_ALL=C.UTF-8', ...preload, ...command, ...given],
      { ...as, cwd: folder, detached: true, stdio: ['ignore', log, log, 'pipe'] },
    )
    keeper.unref()
    const pipe = keeper.stdio[3]
    if (pipe !== null && pipe !== undefined && 'unref' in pipe && typeof pipe.unref === 'function')
      pipe.unref()
    const socket = own('.s.PGSQL.5432')
    const started = { socket, clock, whyNoClock, log: () => readFileSync(own('server.log'), 'utf8') }
    await untilReady(started)
    return started
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    if (error instanceof HarnessError) throw error
    const why = error instanceof Error ? error.message : String(error)
    throw new HarnessError(`PostgreSQL of ${binaries} can't be started: ${why.trim()}`, { cause: error })
  }
}

/** Compiles the library that gives the server its time. */
function prepareClock(folder: string): Pick<StartedServer, 'clock' | 'whyNoClock'> {
  if (process.platform !== 'linux')
    return {
      clock: null,
      whyNoClock: `its clock can be replaced on Linux only, and this is ${process.platform}`,
    }
  const source = path.join(folder, 'clock.c')
  writeFileSync(source, CLOCK_SOURCE)
  try {
    const to = path.join(folder, 'clock.so')
    const compiler = process.env['CC'] ?? 'cc'
    execFileSync(compiler, ['-O2', '-shared', '-fPIC', '-o', to, source, '-ldl'], { stdio: 'pipe' })
  } catch {
    return {
      clock: null,
      whyNoClock: 'no C compiler (cc) is installed, with which its clock could be replaced',
    }
  }
  const clock = path.join(folder, 'clock')
  const page = ClockPage.create(clock)
  page.nowUs = BOOT_US
  page.close()
  return { clock, whyNoClock: null }
}

async function untilReady({ socket, log }: StartedServer): Promise<void> {
  const until = performance.now() + READY_MS_MAX
  while (!(existsSync(socket) && (await accepts(socket)))) {
    if (performance.now() > until || /FATAL/.test(log()))
      throw new HarnessError(`the PostgreSQL server does not start: ${log().trim().split('\n').at(-1)}`)
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
}

function accepts(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const tried = connect(socket)
    tried.once('connect', () => {
      tried.destroy()
      resolve(
        /ready to accept connections/.test(
          readFileSync(path.join(path.dirname(socket), 'server.log'), 'utf8'),
        ),
      )
    })
    tried.once('error', () => resolve(false))
  })
}
