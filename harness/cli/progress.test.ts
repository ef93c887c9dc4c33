import { describe, expect, it } from 'vitest'
import type { SearchProgress } from '../core/result.ts'
import { createProgress, progressLine } from './progress.ts'

const SEARCHING: SearchProgress = {
  scenario: 'orders consumer',
  runs: 1_500,
  runsMax: 2_000,
  elapsedMs: 3_000,
  strategy: 'pairs',
  jobs: 1,
  sweep: { done: 1_000, total: 1_200 },
  pairs: { done: 61, total: 1_961 },
  kinds: { done: 18, total: 24 },
  findings: 0,
  phase: 'searching',
}

/** Before the run without a fault has ended. */
const UNPLANNED = { sweep: null, pairs: null, kinds: { done: 0, total: 24 }, strategy: 'fault-free' }

/** The output when progress is shown at these times, in milliseconds. */
function written(
  atMs: readonly number[],
  options: { isTTY?: boolean; columns?: number; quiet?: boolean },
  shown = (_ms: number): SearchProgress => SEARCHING,
): string[] {
  const texts: string[] = []
  let nowMs = 0
  const output = { ...options, write: (text: string) => texts.push(text) }
  const progress = createProgress(output, options.quiet === true, () => nowMs)
  for (const ms of atMs) {
    nowMs = ms
    progress.show(shown(ms))
  }
  progress.clear()
  return texts
}

describe('progress', () => {
  it('on a terminal: one line, written over ten times a second, and taken away at the end', () => {
    const line =
      '\r\u001b[K  orders consumer: 1,500 of 2,000 schedules, 500/s, about 1.0 s left; 1,000 of 1,200 single faults, 61 of 1,961 pairs, now pairs, 18 of 24 kinds of faults'
    expect(written([50, 110, 150, 220], { isTTY: true, columns: 200 })).toEqual([line, line, '\r\u001b[K'])
  })

  it('on a narrow terminal: cut, since a broken line could not be written over', () => {
    expect(written([110], { isTTY: true, columns: 20 })[0]).toBe('\r\u001b[K  orders consumer: ')
  })

  it('elsewhere: a plain line every five seconds', () => {
    expect(written([100, 5_000, 9_000, 10_000], {})).toEqual([
      '  orders consumer: 1,500 of 2,000 schedules, 500/s, about 1.0 s left; 1,000 of 1,200 single faults, 61 of 1,961 pairs, now pairs, 18 of 24 kinds of faults\n',
      '  orders consumer: 1,500 of 2,000 schedules, 500/s, about 1.0 s left; 1,000 of 1,200 single faults, 61 of 1,961 pairs, now pairs, 18 of 24 kinds of faults\n',
    ])
  })

  it('elsewhere, of a long search: a line when a tenth more has passed', () => {
    const minutes = (count: number): number => count * 60_000
    const atMs = Array.from({ length: minutes(60) / 1_000 }, (_, index) => (index + 1) * 1_000)
    const lines = written(atMs, {}, (elapsedMs) => ({ ...SEARCHING, elapsedMs }))
    expect(lines.length).toBeGreaterThan(30)
    expect(lines.length).toBeLessThan(60)
  })

  it('on several threads, and with findings: how many there are', () => {
    const line = progressLine({ ...SEARCHING, jobs: 4, findings: 2 })
    expect(line).toMatch(
      /left; 2 findings, 1,000 of 1,200 single faults, 61 of 1,961 pairs, now pairs, 18 of 24 kinds of faults, 4 at a time$/,
    )
  })

  it('before the fault-free run has shown what there is to try: no plan', () => {
    expect(progressLine({ ...SEARCHING, ...UNPLANNED })).toMatch(/left; now fault-free$/)
  })

  it('with nothing to try, singly or in pairs: no count of it', () => {
    const none = { done: 0, total: 0 }
    expect(progressLine({ ...SEARCHING, sweep: none, pairs: none })).toMatch(/left; now pairs, 18 of/)
  })

  it('quiet: nothing', () => {
    expect(written([100_000], { quiet: true, isTTY: true })).toEqual([])
  })
})

it('a name with line ends stays in its line, whatever a runner would take the next for', () => {
  const shown = written([6_000], {}, () => ({ ...SEARCHING, scenario: 'a\n::set-output name=x::y' }))
  expect(shown.join('').split('\n')).toHaveLength(2)
})
