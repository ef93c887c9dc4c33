import { githubReport } from '../../reports/github.ts'
import { htmlReport } from '../../reports/html.ts'
import { jsonReport } from '../../reports/json.ts'
import { junitReport } from '../../reports/junit.ts'
import { terminalReport, terminalSummary } from '../../reports/terminal.ts'
import { checkScenarios } from '../check/check.ts'
import { type ExitCode, exitCodeOf } from './exit.ts'
import { stopOnInterrupt } from './interrupt.ts'
import type { CheckArguments } from './options.ts'
import { pageFor, prepareFiles, tryFolder, writeReport } from './output.ts'
import { createProgress } from './progress.ts'

/** `onceover check`: a verdict for each scenario as soon as it is known, then the files. */
export async function checkCommand(args: CheckArguments): Promise<ExitCode> {
  const { json, junit, html, quiet } = args
  prepareFiles([json, junit, html])
  tryFolder(args.out)
  const out = json === '-' ? process.stderr : process.stdout
  const page = pageFor(out, process.env)
  const progress = createProgress(process.stderr, quiet)
  const stop = stopOnInterrupt((text) => {
    progress.clear()
    process.stderr.write(text)
  })
  const results = await checkScenarios({
    ...args,
    signal: stop.signal,
    onProgress: progress.show,
    onResult(result) {
      progress.clear()
      out.write(`${terminalReport(result, page)}\n\n`)
    },
  })
  if (results.length > 1) out.write(`${terminalSummary(results)}; seed ${args.seed}\n`)
  if (process.env['GITHUB_ACTIONS'] === 'true') out.write(githubReport(results))
  writeReport(json, () => jsonReport(results))
  writeReport(junit, () => junitReport(results))
  writeReport(html, () => htmlReport(results))
  return exitCodeOf(results)
}
