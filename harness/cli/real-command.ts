import { type RealReport, realJson, realReport } from '../../reports/real.ts'
import { timeline } from '../../reports/timeline.ts'
import { readCounterexample } from '../check/counterexample-file.ts'
import { scenarioOf } from '../check/replay.ts'
import { outcomeOf } from '../core/confirmation.ts'
import { historyLines } from '../core/history-text.ts'
import { RealClusterError } from '../real/cluster/errors.ts'
import { chooseProvider } from '../real/providers/choose.ts'
import { replayOnCluster } from '../real/replay.ts'
import { EXIT, type ExitCode } from './exit.ts'
import { stopOnInterrupt } from './interrupt.ts'
import type { RealArguments } from './options.ts'
import { pageFor, prepareFiles, writeReport } from './output.ts'
import { printable } from './printable.ts'
import { RealProgress } from './real-progress.ts'
import type { Shell } from './shell.ts'

/**
 * `onceover replay FILE --on real`: 1 where it fails on a real cluster too, 0 where it never does.
 */
export async function realCommand(args: RealArguments, shell: Shell, nowMs: () => number): Promise<ExitCode> {
  const { stdout, stderr, env } = shell
  const { file, history, json, times } = args
  prepareFiles([history, json])
  const counterexample = readCounterexample(file)
  const { scenario, scenarioFile } = await scenarioOf(file, counterexample, args.trust)
  const provider = await chooseProvider(args.provider)
  const stop = stopOnInterrupt(shell, (text) => stderr.write(text))
  const progress = new RealProgress(times, nowMs)
  try {
    const { confirmation, events, explanation } = await replayOnCluster(
      { counterexample, scenario, file: scenarioFile },
      {
        ...args,
        provider,
        signal: stop.signal,
        progress: (line) => stderr.write(`${printable(line)}\n`),
        onTry: (tried, done) => stderr.write(`${progress.lineOf(tried, done)}\n`),
      },
    )
    const out = json === '-' || history === '-' ? stderr : stdout
    const page = pageFor(out, env)
    const report: RealReport = { name: scenario.name, confirmation, explanation }
    if (args.timeline) out.write(`${printable(timeline(events, page))}\n\n`)
    out.write(`${printable(realReport(report, page))}\n`)
    writeReport(json, stdout, () => realJson(report))
    writeReport(history, stdout, () => historyLines(events))
    return EXIT_OF[outcomeOf(confirmation)]
  } catch (error) {
    if (!(error instanceof RealClusterError)) throw error
    stderr.write(`onceover: ${printable(error.message)}\n`)
    return EXIT.harness
  }
}

const EXIT_OF = { confirmed: EXIT.violated, 'not confirmed': EXIT.held, undecided: EXIT.undecided } as const
