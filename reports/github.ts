import type { ScenarioResult } from '../harness/core/result.ts'
import { terminalReport } from './terminal.ts'

/**
 * GitHub's workflow commands: one annotation for each scenario that did not hold, shown at its file
 * in a pull request.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */
export function githubReport(results: readonly ScenarioResult[]): string {
  return results
    .filter(({ verdict }) => verdict !== 'held')
    .map((result) => {
      const command = result.verdict === 'undecided' ? 'warning' : 'error'
      const claim = result.verdict === 'error' ? '' : ` is ${result.guarantee}`
      const title = `${result.name}${claim}: ${result.verdict}`
      const file = result.file === null ? '' : `file=${property(result.file.replaceAll('\\', '/'))},line=1,`
      return `::${command} ${file}title=${property(title)}::${data(terminalReport(result))}\n`
    })
    .join('')
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
