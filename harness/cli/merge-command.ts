import path from 'node:path'
import { githubReport } from '../../reports/github.ts'
import { htmlReport } from '../../reports/html.ts'
import { jsonReport } from '../../reports/json.ts'
import { junitReport } from '../../reports/junit.ts'
import { terminalReport, terminalSummary } from '../../reports/terminal.ts'
import { writeCounterexample } from '../check/counterexample-file.ts'
import { mergeResults } from '../check/merge.ts'
import { replayCommand } from '../check/replay-command.ts'
import { demandWhole, readShardFile } from '../check/shard-file.ts'
import type { CounterexampleSummary, ScenarioResult } from '../core/result.ts'
import { shownPath } from '../scenario/load.ts'
import { type ExitCode, exitCodeOf } from './exit.ts'
import type { MergeArguments } from './options.ts'
import { pageFor, prepareFiles, tryFolder, writeReport } from './output.ts'
import { controlled, printable } from './printable.ts'
import type { Shell } from './shell.ts'

/** `onceover merge`: the report of one search out of the files that its parts left. */
export function mergeCommand(args: MergeArguments, shell: Shell): ExitCode {
  const { stdout, stderr, env } = shell
  const { json, junit, html } = args
  prepareFiles([json, junit, html])
  tryFolder(args.out)
  const parts = demandWhole(args.files.map(readShardFile))
  const merged = mergeResults(parts.map(({ results }) => results)).map((result) => written(result, args.out))
  const out = json === '-' ? stderr : stdout
  for (const result of merged) out.write(`${printable(terminalReport(result, pageFor(out, env)))}\n\n`)
  if (merged.length > 1) out.write(`${printable(terminalSummary(merged))}; seed ${parts[0]?.seed}\n`)
  if (env['GITHUB_ACTIONS'] === 'true') out.write(controlled(githubReport(merged)))
  writeReport(json, stdout, () => jsonReport(merged))
  writeReport(junit, stdout, () => junitReport(merged))
  writeReport(html, stdout, () => htmlReport(merged))
  return exitCodeOf(merged)
}

/** With its counterexamples in this machine's folder, from where its scenario is found again. */
function written(result: ScenarioResult, folder: string): ScenarioResult {
  const { counterexample, others, file } = result
  if (counterexample === null || file === null) return result
  const taken = new Set<string>()
  const scenarioFile = path.relative(path.resolve(folder), path.resolve(file)).replaceAll(path.sep, '/')
  const failures: string[] = []
  const here = (summary: CounterexampleSummary): CounterexampleSummary => {
    const content = {
      ...summary.content,
      scenario: { ...summary.content.scenario, file: scenarioFile },
    }
    try {
      const absolute = writeCounterexample(path.resolve(folder), content, taken)
      taken.add(absolute)
      const shown = shownPath(absolute)
      return { ...summary, content, file: shown, replayCommand: replayCommand(shown) }
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error))
      return { ...summary, content, file: null, replayCommand: null }
    }
  }
  const all = { counterexample: here(counterexample), others: others.map(here) }
  const problem = failures.length === 0 ? null : `the replay file could not be written: ${failures[0]}`
  return { ...result, ...all, problem: problem ?? result.problem }
}
