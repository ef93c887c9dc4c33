import { mermaidReport } from '../../reports/mermaid.ts'
import { replayReport } from '../../reports/replay.ts'
import { timeline } from '../../reports/timeline.ts'
import { replayFile } from '../check/replay.ts'
import { EXIT, type ExitCode } from './exit.ts'
import type { ReplayArguments } from './options.ts'
import { pageFor } from './output.ts'

/** `onceover replay`: 1 where it still fails, 0 where it no longer does. */
export async function replayCommand(args: ReplayArguments): Promise<ExitCode> {
  const { replay, events } = await replayFile(args.file)
  const page = pageFor(process.stdout, process.env)
  const { counterexample, explanation, outcome } = replay
  if (args.mermaid) {
    const now =
      explanation === null ? counterexample.explanation : { ...counterexample.explanation, ...explanation }
    process.stdout.write(mermaidReport({ ...counterexample, explanation: now }))
  } else {
    const width = process.stdout.isTTY ? process.stdout.columns : Number.POSITIVE_INFINITY
    if (args.timeline) process.stdout.write(`${timeline(events, { ...page, width })}\n\n`)
    process.stdout.write(`${replayReport(replay, page)}\n`)
  }
  if (outcome === 'held') return EXIT.held
  return outcome === 'undecided' ? EXIT.undecided : EXIT.violated
}
