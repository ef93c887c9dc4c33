import { failed, main } from './command-line.ts'
import { EXIT } from './exit.ts'
import { flushed } from './output.ts'
import type { Shell } from './shell.ts'
import { startWatchdog } from './watchdog/watchdog.ts'

/** Taken before code under test can replace it. */
const exit = process.exit.bind(process)

/** Node's own exit code for an error that nobody caught would read as "violated". */
function exitOn(name: 'uncaughtException' | 'unhandledRejection'): void {
  process.on(name, (error: unknown) => exit(failed(error, process.stderr)))
}

/**
 * Nothing is left to wait for, and no verdict: without this, a module that waits for ever would
 * pass.
 */
function exitWhenStuck(): void {
  process.on('beforeExit', () => {
    // The loader of scenarios listens too, and can say which file it is.
    if (process.listenerCount('beforeExit') > 1) return
    process.stderr.write(
      'onceover: nothing is left to run and there is no verdict; the scenario or its app awaits something that never comes, in its top level or before it connects\n',
    )
    exit(EXIT.harness)
  })
}

// The zone of simulated processes, from the start: a thread takes that of the moment it begins.
process.env['TZ'] = 'UTC'
// The reader of a pipe may leave early (`| head`); there is nobody left to tell.
process.stdout.on('error', () => exit(EXIT.harness))
exitOn('uncaughtException')
exitOn('unhandledRejection')
exitWhenStuck()
const shell: Shell = {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  on: process.on.bind(process),
  once: process.once.bind(process),
  exit,
}
if (['check', 'replay'].includes(process.argv[2] ?? '')) startWatchdog()
const code = await main(process.argv.slice(2), shell, () => performance.now())
await flushed(process.stdout, process.stderr)
exit(code)
