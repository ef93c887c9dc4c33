import { count, wallTime, whole } from '../../reports/figures.ts'
import type { SearchProgress } from '../core/result.ts'
import { inOneLine } from './printable.ts'
import type { ShellOutput } from './shell.ts'

const PLAIN_EVERY_MS = 5_000
/** Of a search of hours nobody wants to read thousands of lines: a tenth of what has passed. */
const PLAIN_SHARE = 10
const TERMINAL_EVERY_MS = 100
/** Back to the line's start, and clear it. */
const REWIND = '\r\u001b[K'

/**
 * One line that is written over on a terminal; elsewhere a line after five seconds, and then each
 * time that a tenth more has passed.
 */
export function createProgress(
  output: ShellOutput,
  quiet: boolean,
  nowMs: () => number,
): { show(progress: SearchProgress): void; clear(): void } {
  const terminal = output.isTTY === true
  let lastMs = nowMs()
  let shown = false
  return {
    show(progress) {
      const atMs = nowMs()
      const everyMs = terminal
        ? TERMINAL_EVERY_MS
        : Math.max(PLAIN_EVERY_MS, progress.elapsedMs / PLAIN_SHARE)
      if (quiet || atMs - lastMs < everyMs) return
      lastMs = atMs
      const line = inOneLine(progressLine(progress))
      output.write(terminal ? `${REWIND}${line.slice(0, (output.columns || 80) - 1)}` : `${line}\n`)
      shown = terminal
    },
    clear() {
      if (shown) output.write(REWIND)
      shown = false
    },
  }
}

export function progressLine(progress: SearchProgress): string {
  const { scenario, runs, runsMax, elapsedMs, phase } = progress
  const perSecond = elapsedMs === 0 ? 0 : (runs / elapsedMs) * 1000
  switch (phase) {
    case 'searching': {
      const left = perSecond === 0 ? '' : `, about ${wallTime(((runsMax - runs) / perSecond) * 1000)} left`
      return `  ${scenario}: ${whole(runs)} of ${whole(runsMax)} schedules, ${whole(perSecond)}/s${left}; ${done(progress)}`
    }
    case 'shrinking':
      return `  ${scenario}: violated after ${count(runs, 'schedule')}, looking for the shortest story …`
    case 'verifying':
      return `  ${scenario}: violated after ${count(runs, 'schedule')}, running the story again …`
  }
}

/** The part of the plan that is done: what tells most first, as a narrow terminal cuts the rest. */
function done({ findings, sweep, pairs, kinds, strategy, jobs }: SearchProgress): string {
  return [
    ...(findings === 0 ? [] : [count(findings, 'finding')]),
    ...(sweep === null || sweep.total === 0
      ? []
      : [`${whole(sweep.done)} of ${count(sweep.total, 'single fault')}`]),
    ...(pairs === null || pairs.total === 0 ? [] : [`${whole(pairs.done)} of ${count(pairs.total, 'pair')}`]),
    `now ${strategy}`,
    ...(kinds.done === 0 ? [] : [`${whole(kinds.done)} of ${count(kinds.total, 'kind')} of faults`]),
    ...(jobs === 1 ? [] : [`${whole(jobs)} at a time`]),
  ].join(', ')
}
