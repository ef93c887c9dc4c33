import { expect, it } from 'vitest'
import type { OutputLine } from '../core/output.ts'
import { OutputLines } from './output.ts'

it('tells lines that were begun when their process or the run ends, and joins them with nothing', () => {
  const told: OutputLine[] = []
  const lines = new OutputLines((line) => void told.push(line))
  const [a, b] = ['consumer-0', 'consumer-1']
  lines.print({ timeUs: 1, process: a, stream: 'stderr' }, 'cannot reach ')
  lines.print({ timeUs: 2, process: a, stream: 'stderr' }, 'the database')
  lines.print({ timeUs: 3, process: b, stream: 'stdout' }, 'still ')
  lines.end(a)
  lines.print({ timeUs: 4, process: a, stream: 'stderr' }, 'starting\n')
  lines.print({ timeUs: 5, process: b, stream: 'stdout' }, 'here')
  lines.end()
  expect(told.map(({ timeUs, process, text }) => [timeUs, process, text])).toEqual([
    [2, a, 'cannot reach the database'],
    [4, a, 'starting'],
    [5, b, 'still here'],
  ])
})
