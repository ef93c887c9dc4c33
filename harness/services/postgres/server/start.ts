import { spawn } from 'node:child_process'
import { chownSync, closeSync, existsSync, mkdtempSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { connect, Socket } from 'node:net'
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
  /** Ends it, whatever it is at; its folder is removed. */
  end(): void
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

/**
 * A shell makes the cluster and has the server: when our end of the pipe is gone, at whatever
 * moment, so are both. Variables: `binaries`, `compiler` (or nothing), `page`. Whether the
 * clock can be loaded is seen by another program: a folder may forbid it (`noexec`), which is only
 * a warning.
 */
const KEEPER = `[ -z "$compiler" ] || $compiler -O2 -shared -fPIC -o clock.so clock.c -ldl >compiled.log 2>&1
if [ -f clock.so ]; then
  seconds=$(env LD_PRELOAD="$PWD/clock.so" ${CLOCK_FILE}="$page" date +%s)
  [ "$seconds" = ${BOOT_US / 1_000_000} ] || mv clock.so clock.unloaded
fi
if "$binaries/initdb" -D data --wal-segsize=1 -A trust -U postgres -E UTF8 --locale=C.UTF-8 --no-sync; then
  if [ -f clock.so ]; then
    env LD_PRELOAD="$PWD/clock.so" ${CLOCK_FILE}="$page" "$binaries/postgres" -D data "$@" 3<&- &
  else
    "$binaries/postgres" -D data -c deadlock_timeout=${REAL_DEADLOCK_MS} "$@" 3<&- &
  fi
  server=$!
else
  echo 'FATAL: initdb has failed'
fi
read -r _ <&3
if [ -n "$server" ]; then
  kill -QUIT $server 2>/dev/null
  for _ in 1 2 3 4 5 6 7 8 9 10; do kill -0 $server 2>/dev/null || break; sleep 0.1; done
  kill -KILL $server 2>/dev/null
  wait $server
fi
rm -rf "$PWD"`

const READY_MS_MAX = 60_000
const LOOK_MS = 10

/** Makes an empty cluster in a temporary folder, and starts a server on it. */
export async function startServer(
  { folder: binaries }: Binaries,
  user: UnixUser | null,
): Promise<StartedServer> {
  // The folder of another user's server can't be below one that is root's alone.
  const folder = mkdtempSync(path.join(user === null ? os.tmpdir() : '/tmp', 'onceover-pg-'))
  const own = (name: string): string => path.join(folder, name)
  writeFileSync(own('clock.c'), CLOCK_SOURCE)
  const page = ClockPage.create(own('clock'))
  page.nowUs = BOOT_US
  page.close()
  const log = openSync(own('server.log'), 'w')
  if (user !== null) for (const each of [folder, own('clock')]) chownSync(each, user.uid, user.gid)
  const settings = Object.entries({ ...SETTINGS, unix_socket_directories: folder })
  const given = settings.flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const compiler = process.platform === 'linux' ? (process.env['CC'] ?? 'cc') : ''
  const keeper = spawn('/bin/sh', ['-c', KEEPER, 'sh', ...given], {
    ...(user ?? {}),
    cwd: folder,
    env: { ...process.env, LC_ALL: 'C.UTF-8', binaries, compiler, page: own('clock') },
    detached: true,
    stdio: ['ignore', log, log, 'pipe'],
  })
  closeSync(log)
  keeper.on('error', () => {})
  const pipe = keeper.stdio[3]
  const started: Pick<StartedServer, 'socket' | 'log'> = {
    socket: own('.s.PGSQL.5432'),
    log: () => readFileSync(own('server.log'), 'utf8'),
  }
  const end = (): void => void pipe?.destroy()
  try {
    await untilReady(started)
  } catch (error) {
    end()
    throw error
  }
  keeper.unref()
  if (pipe instanceof Socket) pipe.unref()
  const clock = existsSync(own('clock.so')) ? own('clock') : null
  return { ...started, end, clock, whyNoClock: clock === null ? whyNoClock(own) : null }
}

function whyNoClock(own: (name: string) => string): string {
  if (process.platform !== 'linux')
    return `its clock can be replaced on Linux only, and this is ${process.platform}`
  if (existsSync(own('clock.unloaded')))
    return 'its clock can not be loaded (LD_PRELOAD) from the temporary folder, which may be mounted noexec'
  const [said = ''] = readFileSync(own('compiled.log'), 'utf8').split('\n')
  return `its clock could not be compiled (${said}); install a C compiler, cc`
}

async function untilReady({ socket, log }: Pick<StartedServer, 'socket' | 'log'>): Promise<void> {
  const until = performance.now() + READY_MS_MAX
  while (!(existsSync(socket) && log().includes('ready to accept connections') && (await accepts(socket)))) {
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
      resolve(true)
    })
    tried.once('error', () => resolve(false))
  })
}
