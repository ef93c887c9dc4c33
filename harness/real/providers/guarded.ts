import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { Writable } from 'node:stream'

/**
 * A shell that becomes the command, with a watcher beside it: when our end of the pipe is gone
 * without a word, we are dead, and so is the command.
 */
const GUARD = '(read -r _ || kill -9 $$) <&3 >/dev/null 2>&1 & exec "$@" 3<&-'

/** Starts a command that ends with this process, however that ends. */
export function guarded(
  command: string,
  args: readonly string[],
  { env, output = 'ignore' }: { env?: NodeJS.ProcessEnv; output?: number | 'ignore' } = {},
): ChildProcess {
  const options: SpawnOptions = {
    stdio: ['ignore', output, output, 'pipe'],
    ...(env === undefined ? {} : { env }),
  }
  const process = spawn('/bin/sh', ['-c', GUARD, 'sh', command, ...args], options)
  const watcher = process.stdio[3]
  if (watcher instanceof Writable) {
    watcher.on('error', () => {})
    process.once('exit', () => watcher.end('it has ended\n'))
  }
  return process
}

/** Kills it, and resolves when it is gone. */
export async function killed(process: ChildProcess): Promise<void> {
  if (process.exitCode !== null || process.signalCode !== null || process.pid === undefined) return
  const ended = new Promise((resolve) => process.once('exit', resolve))
  process.kill('SIGKILL')
  await ended
}
