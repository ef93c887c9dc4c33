#!/usr/bin/env node
import { harnessVersion } from '../check/version.ts'
import { isWrongUse } from '../core/errors.ts'
import { EXIT, type ExitCode } from './exit.ts'
import { HELP } from './help.ts'
import { nodeTooOld } from './node-version.ts'
import { parseArguments } from './options.ts'
import { flushed } from './output.ts'

async function main(args: readonly string[]): Promise<ExitCode> {
  const tooOld = nodeTooOld(process.version)
  if (tooOld !== null) {
    process.stderr.write(`onceover: ${tooOld}\n`)
    return EXIT.wrongUse
  }
  const parsed = parseArguments(args)
  switch (parsed.command) {
    case 'help':
      process.stdout.write(HELP)
      return EXIT.held
    case 'version':
      process.stdout.write(`${harnessVersion()}\n`)
      return EXIT.held
    // Loaded when needed: a simulator and a client library are much for a sentence about a misspelt option.
    case 'check':
      return (await import('./check-command.ts')).checkCommand(parsed)
    case 'replay':
      return (await import('./replay-command.ts')).replayCommand(parsed)
    case 'serve':
      return (await import('./serve.ts')).serveCommand(parsed)
  }
}

function failed(error: unknown): ExitCode {
  if (isWrongUse(error)) {
    process.stderr.write(`onceover: ${error.message}\n`)
    return EXIT.wrongUse
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  process.stderr.write(`onceover: harness error: ${text}\n`)
  return EXIT.harness
}

/** Node's own exit code for an error that nobody caught would read as "violated". */
function exitOn(name: 'uncaughtException' | 'unhandledRejection'): void {
  process.on(name, (error: unknown) => process.exit(failed(error)))
}

/** Nothing is left to wait for, and no verdict: without this, a module that waits for ever would pass. */
function exitWhenStuck(): void {
  process.on('beforeExit', () => {
    // Who loads a scenario listens too, and can say which one it is.
    if (process.listenerCount('beforeExit') > 1) return
    process.stderr.write(
      'onceover: nothing happens any more and there is no verdict; the scenario or its app awaits something that never comes, in its top level or before it connects\n',
    )
    process.exit(EXIT.harness)
  })
}

// The reader of a pipe may leave early (`| head`); there is nobody left to tell.
process.stdout.on('error', () => process.exit(EXIT.harness))
exitOn('uncaughtException')
exitOn('unhandledRejection')
exitWhenStuck()
main(process.argv.slice(2))
  .catch(failed)
  .then(async (code) => {
    await flushed(process.stdout, process.stderr)
    process.exit(code)
  })
