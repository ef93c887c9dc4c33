import { harnessVersion } from '../check/version.ts'
import { isWrongUse } from '../core/errors.ts'
import { EXIT, type ExitCode } from './exit.ts'
import { HELP } from './help.ts'
import { nodeTooOld } from './node-version.ts'
import { parseArguments } from './options.ts'
import { printable } from './printable.ts'
import type { Shell, ShellOutput } from './shell.ts'

/**
 * The command line, without the process around it: prints to the streams of `shell` and resolves
 * with the exit code. `nowMs` is the clock that time limits and progress go by; it need not start
 * at 0. Never rejects.
 */
export async function main(args: readonly string[], shell: Shell, nowMs: () => number): Promise<ExitCode> {
  try {
    return await run(args, shell, nowMs)
  } catch (error) {
    return failed(error, shell.stderr)
  }
}

async function run(args: readonly string[], shell: Shell, nowMs: () => number): Promise<ExitCode> {
  const tooOld = nodeTooOld(process.version)
  if (tooOld !== null) {
    shell.stderr.write(`onceover: ${tooOld}\n`)
    return EXIT.wrongUse
  }
  const parsed = parseArguments(args)
  switch (parsed.command) {
    case 'help':
      shell.stdout.write(HELP)
      return EXIT.held
    case 'version':
      shell.stdout.write(`${harnessVersion()}\n`)
      return EXIT.held
    // Loaded when needed: a simulator and a client library are much for a sentence about a misspelt
    // option.
    case 'check':
      return (await import('./check-command.ts')).checkCommand(parsed, shell, nowMs)
    case 'merge':
      return (await import('./merge-command.ts')).mergeCommand(parsed, shell)
    case 'replay':
      return (await import('./replay-command.ts')).replayCommand(parsed, shell)
    case 'replay-real':
      return (await import('./real-command.ts')).realCommand(parsed, shell, nowMs)
    case 'serve':
      return (await import('./serve.ts')).serveCommand(parsed, shell)
  }
}

/** Prints what went wrong: one sentence for wrong use, the stack for a defect of the harness. */
export function failed(error: unknown, stderr: ShellOutput): ExitCode {
  if (isWrongUse(error)) {
    stderr.write(`${printable(`onceover: ${error.message}`)}\n`)
    return EXIT.wrongUse
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  stderr.write(`${printable(`onceover: harness error: ${text}`)}\n`)
  return EXIT.harness
}
