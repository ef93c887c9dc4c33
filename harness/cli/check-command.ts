import { githubReport } from '../../reports/github.ts'
import { htmlReport } from '../../reports/html.ts'
import { jsonReport } from '../../reports/json.ts'
import { junitReport } from '../../reports/junit.ts'
import { terminalReport, terminalSummary } from '../../reports/terminal.ts'
import { checkScenarios } from '../check/check.ts'
import { Confirmer } from '../real/confirm.ts'
import { type ExitCode, exitCodeOf } from './exit.ts'
import { stopOnInterrupt } from './interrupt.ts'
import type { CheckArguments } from './options.ts'
import { pageFor, prepareFiles, tryFolder, writeReport } from './output.ts'
import { createProgress } from './progress.ts'
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
  const confirmer = await confirmerFor(args, stop.signal)
  const results = await checkScenarios({
    ...args,
    confirm: confirmer === null ? undefined : (result) => confirmer.confirmed(result),
    nowMs,
    signal: stop.signal,
    onProgress: progress.show,
    onResult(result) {
      progress.clear()
      out.write(`${terminalReport(result, page)}\n\n`)
    },
  }).finally(() => confirmer?.close())
  if (results.length > 1) out.write(`${terminalSummary(results)}; seed ${args.seed}\n`)
  if (env['GITHUB_ACTIONS'] === 'true') out.write(githubReport(results))
  writeReport(json, stdout, () => jsonReport(results))
  writeReport(junit, stdout, () => junitReport(results))
  writeReport(html, stdout, () => htmlReport(results))
  return exitCodeOf(results)
}

async function confirmerFor(
  { confirmTimes: times, provider }: CheckArguments,
  signal: AbortSignal,
): Promise<Confirmer | null> {
  if (times === undefined) return null
  return Confirmer.open({ times, signal, ...(provider === undefined ? {} : { provider }) })
}
