import { consoleReport } from '../../reports/console.ts'
import { mermaidReport } from '../../reports/mermaid.ts'
import { replayReport } from '../../reports/replay.ts'
import { timeline } from '../../reports/timeline.ts'
import { replayFile } from '../check/replay.ts'
import { historyLines } from '../core/history-text.ts'
import { EXIT, type ExitCode } from './exit.ts'
import type { ReplayArguments } from './options.ts'
import { pageFor, prepareFiles, writeReport } from './output.ts'
import { printable } from './printable.ts'
import type { Shell } from './shell.ts'

/** `onceover replay`: 1 where it still fails, 0 where it no longer does. */
export async function replayCommand(args: ReplayArguments, shell: Shell): Promise<ExitCode> {
  const { history } = args
  prepareFiles([history])
  const { replay, events, output } = await replayFile(args.file, args)
  const stdout = history === '-' ? shell.stderr : shell.stdout
  const page = pageFor(stdout, shell.env)
  const { counterexample, explanation, outcome } = replay
  if (args.mermaid) {
    const now =
      explanation === null ? counterexample.explanation : { ...counterexample.explanation, ...explanation }
    stdout.write(mermaidReport({ ...counterexample, explanation: now }))
  } else {
    const width = stdout.isTTY === true ? (stdout.columns ?? 80) : Number.POSITIVE_INFINITY
    if (args.timeline) stdout.write(`${printable(timeline(events, { ...page, width }, output))}\n\n`)
    if (args.console) stdout.write(`${printable(consoleReport(output))}\n\n`)
    stdout.write(`${printable(replayReport(replay, page))}\n`)
  }
  writeReport(history, shell.stdout, () => historyLines(events))
  if (outcome === 'held') return EXIT.held
  return outcome === 'undecided' ? EXIT.undecided : EXIT.violated
}
