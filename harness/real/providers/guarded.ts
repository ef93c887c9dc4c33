import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { Writable } from 'node:stream'

/**
 * A shell that becomes the command, with a watcher beside it: when our end of the pipe is gone
 * without a word, we are dead, and so is the command, also where it stands still.
 */
export function guardedBy(descriptor: number, others: readonly number[] = []): string {
  // The watcher holds no end of what the command is talked to by.
  const closed = others.map((each) => ` ${each}<&-`).join('')
  return `(read -r _ || kill -9 $$) <&${descriptor} >/dev/null 2>&1${closed} & exec "$@" ${descriptor}<&-`
}

/**
 * Starts a command that ends with this process, however that ends. It has a group of its own:
 * Ctrl-C is for us to act on.
 */
export function guarded(
  command: string,
  args: readonly string[],
  { env, output = 'ignore' }: { env?: NodeJS.ProcessEnv; output?: number | 'ignore' } = {},
): ChildProcess {
  const options: SpawnOptions = {
    detached: true,
    stdio: ['ignore', output, output, 'pipe'],
    ...(env === undefined ? {} : { env }),
  }
  const process = spawn('/bin/sh', ['-c', guardedBy(3), 'sh', command, ...args], options)
  dismissAtEnd(process, process.stdio[3])
  return process
}

/** The watcher goes when the command has ended. */
export function dismissAtEnd(process: ChildProcess, watcher: unknown): void {
  if (!(watcher instanceof Writable)) return
  watcher.on('error', () => {})
  process.once('exit', () => watcher.end('it has ended\n'))
}

/** Kills it, and resolves when it is gone. */
export async function killed(process: ChildProcess): Promise<void> {
  if (process.exitCode !== null || process.signalCode !== null || process.pid === undefined) return
  const ended = new Promise((resolve) => process.once('exit', resolve))
  process.kill('SIGKILL')
  await ended
}
