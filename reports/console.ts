import type { OutputLine } from '../harness/core/output.ts'
import { virtualTime } from './figures.ts'
import { type Page, PLAIN_PAGE } from './paint.ts'

/** All that the app printed: virtual time, process, text. Ends without a newline. */
export function consoleReport(output: readonly OutputLine[]): string {
  return output.length === 0 ? 'The app printed nothing.' : rows(output).join('\n')
}

/** The last lines of each process, under a report. */
export function outputLines(output: readonly OutputLine[], { paint, width }: Page = PLAIN_PAGE): string[] {
  if (output.length === 0) return []
  const cut = (row: string): string => (row.length <= width ? row : `${row.slice(0, width - 1)}…`)
  return ['  The app printed at the end:', ...rows(output, '    ').map((row) => paint.dim(cut(row)))]
}

function rows(output: readonly OutputLine[], indent = ''): string[] {
  const [times, processes] = [
    output.map(({ timeUs }) => virtualTime(timeUs)),
    output.map(({ process }) => process),
  ]
  const widest = (texts: readonly string[]): number => Math.max(...texts.map(({ length }) => length))
  const [time, process] = [widest(times), widest(processes)]
  return output.map(
    (line, index) =>
      `${indent}${(times[index] ?? '').padStart(time)}  ${line.process.padEnd(process)}  ${line.text}`,
  )
}
