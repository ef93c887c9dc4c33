import { EventEmitter } from 'node:events'
import { main } from '../command-line.ts'
import type { EndedCommand } from './run-cli.ts'

export interface MainOptions {
  readonly env?: Readonly<Record<string, string>>
  /** The clock of time limits and progress; default: one that stands still. */
  readonly nowMs?: () => number
  /** Called with all of standard error so far, and how to send a signal. */
  readonly onStderr?: OnOutput
  readonly onStdout?: OnOutput
}

type OnOutput = (soFar: string, signal: (name: NodeJS.Signals) => void) => void

/** The command line in this process: what `runCli` gives, without a process and its start. */
export async function runMain(
  args: readonly string[],
  { env = {}, nowMs = () => 0, onStderr, onStdout }: MainOptions = {},
): Promise<EndedCommand> {
  const signals = new EventEmitter()
  const signal = (name: NodeJS.Signals): unknown => signals.emit(name)
  let [stdout, stderr] = ['', '']
  const code = await main(
    args,
    {
      stdout: {
        write(text) {
          stdout += text
          onStdout?.(stdout, signal)
        },
      },
      stderr: {
        write(text) {
          stderr += text
          onStderr?.(stderr, signal)
        },
      },
      env,
      on: (signal, listener) => signals.on(signal, listener),
      once: (signal, listener) => signals.once(signal, listener),
      exit: (ended) => {
        throw new Error(`the command ended at once, with ${ended}`)
      },
    },
    nowMs,
  )
  return { code, stdout, stderr }
}

/**
 * A clock that is `stepMs` later at each look: time passes with the work done, however fast the
 * machine is.
 */
export function steppingClock(stepMs: number): () => number {
  let nowMs = 0
  return () => (nowMs += stepMs)
}
