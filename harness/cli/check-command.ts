import { githubReport } from '../../reports/github.ts'
import { htmlReport } from '../../reports/html.ts'
import { jsonReport } from '../../reports/json.ts'
import { junitReport } from '../../reports/junit.ts'
import { terminalReport, terminalSummary } from '../../reports/terminal.ts'
import { checkScenarios } from '../check/check.ts'
import { writeShardFile } from '../check/shard-file.ts'
import type { ScenarioResult } from '../core/result.ts'
import type { Confirmer } from '../real/confirm.ts'
import { EXIT, type ExitCode, exitCodeOf } from './exit.ts'
import { stopOnInterrupt } from './interrupt.ts'
import type { CheckArguments } from './options.ts'
import { pageFor, prepareFiles, tryFolder, writeReport } from './output.ts'
import { controlled, printable } from './printable.ts'
import { createProgress } from './progress.ts'
import { RealProgress } from './real-progress.ts'
import type { Shell } from './shell.ts'

/** `onceover check`: a verdict for each scenario as soon as it is known, then the files. */
export async function checkCommand(
  args: CheckArguments,
  shell: Shell,
  nowMs: () => number,
): Promise<ExitCode> {
  const { stdout, stderr, env } = shell
  const { json, junit, html, quiet } = args
  prepareFiles([json, junit, html])
  tryFolder(args.out)
  const out = json === '-' ? stderr : stdout
  const page = pageFor(out, env)
  const progress = createProgress(stderr, quiet, nowMs)
  const stop = stopOnInterrupt(shell, (text) => {
    progress.clear()
    stderr.write(text)
  })
  const say = (line: string): void => {
    progress.clear()
    if (!quiet) stderr.write(`${line}\n`)
  }
  const confirmer = await confirmerFor(args, { nowMs, signal: stop.signal, say })
  const finished: ScenarioResult[] = []
  /** Standard output gets its report once, at the end. */
  const files = {
    json: json === '-' ? undefined : json,
    junit: junit === '-' ? undefined : junit,
    html: html === '-' ? undefined : html,
  }
  const results = await checkScenarios({
    ...args,
    confirm: confirmer === null ? undefined : (result, of) => confirmer.confirmed(result, of),
    nowMs,
    signal: stop.signal,
    onProgress: progress.show,
    onResult(result) {
      finished.push(result)
      // Results so far are kept, even if a later scenario fails to load or run.
      writeReports(finished, files, stdout)
      progress.clear()
      out.write(`${printable(terminalReport(result, page))}\n\n`)
    },
  }).finally(() => confirmer?.close())
  if (results.length > 1) out.write(`${printable(terminalSummary(results))}; seed ${args.seed}\n`)
  if (env['GITHUB_ACTIONS'] === 'true') out.write(controlled(githubReport(results)))
  const { shard } = args
  if (shard !== undefined) {
    const file = writeShardFile(args.out, { ...args, shard }, results)
    out.write(`part ${shard.index} of ${shard.of}: ${file} is for onceover merge\n`)
  }
  const failures = writeReports(results, { json, junit, html }, stdout)
  for (const failure of failures) stderr.write(`onceover: ${failure}\n`)
  return failures.length > 0 && exitCodeOf(results) === EXIT.held ? EXIT.wrongUse : exitCodeOf(results)
}

interface ReportFiles {
  readonly json: string | undefined
  readonly junit: string | undefined
  readonly html: string | undefined
}

/** Writes each report that can be written, and says which can't. */
function writeReports(
  results: readonly ScenarioResult[],
  { json, junit, html }: ReportFiles,
  stdout: Parameters<typeof writeReport>[1],
): readonly string[] {
  const failures: string[] = []
  const attempt = (file: string | undefined, report: () => string): void => {
    try {
      writeReport(file, stdout, report)
    } catch (error) {
      failures.push(`${file} could not be written: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  attempt(json, () => jsonReport(results))
  attempt(junit, () => junitReport(results))
  attempt(html, () => htmlReport(results))
  return failures
}

async function confirmerFor(
  { confirmTimes: times, provider }: CheckArguments,
  { nowMs, signal, say }: { nowMs(): number; readonly signal: AbortSignal; say(line: string): void },
): Promise<Confirmer | null> {
  if (times === undefined) return null
  // Loaded when asked for: a search needs nothing of what a real cluster takes.
  const real = await import('../real/confirm.ts')
  return real.Confirmer.open({
    times,
    signal,
    ...(provider === undefined ? {} : { provider }),
    progress: say,
    onStart() {
      const progress = new RealProgress(times, nowMs)
      return (tried, done) => say(progress.lineOf(tried, done))
    },
  })
}
