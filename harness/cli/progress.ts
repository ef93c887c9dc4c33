import type { Progress } from '../core/result.ts'

const PLAIN_EVERY_MS = 5_000
const TERMINAL_EVERY_MS = 100

export interface ProgressOutput {
  readonly isTTY?: boolean | undefined
  write(text: string): unknown
}

/** One line that is written over on a terminal, a line every few seconds elsewhere. */
export function createProgress(output: ProgressOutput): { show(progress: Progress): void; clear(): void } {
  let lastMs = performance.now()
  let shown = false
  const terminal = output.isTTY === true
  return {
    show(progress) {
      const nowMs = performance.now()
      if (nowMs - lastMs < (terminal ? TERMINAL_EVERY_MS : PLAIN_EVERY_MS)) return
      lastMs = nowMs
      if (terminal) output.write(`\r\u001b[K${lineOf(progress)}`)
      else output.write(`${lineOf(progress)}\n`)
      shown = true
    },
    clear() {
      if (terminal && shown) output.write('\r\u001b[K')
      shown = false
    },
  }
}

function lineOf({ scenario, runs, runsMax, elapsedMs, phase }: Progress): string {
  const perSecond = elapsedMs === 0 ? 0 : (runs / elapsedMs) * 1000
  if (phase !== 'searching') return `  ${scenario}: found a violation after ${runs} schedules, ${phase} …`
  const leftS = perSecond === 0 ? 0 : Math.ceil((runsMax - runs) / perSecond)
  return `  ${scenario}: ${runs} of ${runsMax} schedules, ${Math.round(perSecond)}/s, about ${leftS} s left`
}
