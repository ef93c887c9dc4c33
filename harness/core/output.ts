/** A line that the app printed, or that Node would have printed for it. */
export interface OutputLine {
  /** Virtual microseconds since the start of the run. */
  readonly timeUs: number
  readonly process: string
  readonly stream: 'stdout' | 'stderr'
  /** Without the newline and without colours. */
  readonly text: string
}

/** Lines of each process at the end of a run. */
const LINES_MAX = 10
/** kafkajs logs as JSON, in lines that name it. */
const OF_CLIENT = /"logger":"kafkajs"/

/**
 * The last lines of each process, without what its client logs, in the order of the run. A line
 * that a process repeats stands once, with its last time.
 */
export function lastLines(lines: readonly OutputLine[]): readonly OutputLine[] {
  const byProcess = Map.groupBy(
    lines.filter(({ text }) => !OF_CLIENT.test(text)),
    ({ process }) => process,
  )
  const last = [...byProcess.values()].flatMap((own) => withoutRepetitions(own).slice(-LINES_MAX))
  return last.sort((a, b) => a.timeUs - b.timeUs)
}

function withoutRepetitions(lines: readonly OutputLine[]): readonly OutputLine[] {
  const kept: { line: OutputLine; times: number }[] = []
  for (const line of lines) {
    const before = kept.at(-1)
    if (before?.line.text === line.text) kept.splice(-1, 1, { line, times: before.times + 1 })
    else kept.push({ line, times: 1 })
  }
  return kept.map(({ line, times }) =>
    times === 1 ? line : { ...line, text: `${line.text} (${times} times)` },
  )
}
