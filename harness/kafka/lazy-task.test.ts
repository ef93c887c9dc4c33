import { describe, expect, it } from 'vitest'
import { LazyTask } from './lazy-task.ts'
import { ManualClock, START_MS } from './probe/manual-clock.ts'

const MONTH_MS = 30 * 86_400_000

function open(next: (nowMs: number) => number | null = () => null): {
  clock: ManualClock
  task: LazyTask
  ran: number[]
} {
  const clock = new ManualClock()
  const ran: number[] = []
  const task = new LazyTask({
    clock,
    firstMs: START_MS + 30,
    intervalMs: 100,
    run: (nowMs) => {
      ran.push(nowMs - START_MS)
      return next(nowMs)
    },
  })
  return { clock, task, ran }
}

describe('LazyTask', () => {
  it('runs at the first of its times at which something is due, and only then', () => {
    const { clock, task, ran } = open()
    clock.advance(1_000)
    expect([ran, clock.pending]).toEqual([[], 0])
    task.due(START_MS + 1_231)
    clock.advance(1_000)
    expect([ran, clock.pending, clock.fired]).toEqual([[1_330], 0, 1])
  })

  it('what is due already waits for the next time', () => {
    const { clock, task, ran } = open()
    clock.advance(31)
    task.due(0)
    clock.advance(98)
    expect(ran).toEqual([])
    clock.advance(1)
    expect(ran).toEqual([130])
  })

  it('the earliest of several counts, later ones are told by the run', () => {
    const { clock, task, ran } = open((nowMs) => (nowMs < START_MS + 500 ? START_MS + 700 : null))
    task.due(START_MS + 700)
    task.due(START_MS + 300)
    task.due(START_MS + 400)
    expect(clock.pending).toBe(1)
    clock.advance(5_000)
    expect(ran).toEqual([330, 730])
  })

  it('does not run twice at one instant', () => {
    const { clock, task, ran } = open((nowMs) => (nowMs < START_MS + 300 ? 0 : null))
    task.due(0)
    clock.advance(1_000)
    expect(ran).toEqual([30, 130, 230, 330])
  })

  it('waits longer than a timer of Node can', () => {
    const { clock, task, ran } = open()
    task.due(START_MS + 2 * MONTH_MS)
    clock.advance(2 * MONTH_MS + 29)
    expect(ran).toEqual([])
    clock.advance(1)
    expect(ran).toEqual([2 * MONTH_MS + 30])
    expect(clock.fired).toBe(3)
  })

  it('rests when there is nothing left, and never waits for what never comes', () => {
    const { clock, task, ran } = open()
    task.due(START_MS)
    task.rest()
    task.due(Number.POSITIVE_INFINITY)
    task.due(Number.NaN)
    expect(clock.pending).toBe(0)
    task.due(START_MS)
    clock.advance(30)
    expect(ran).toEqual([30])
  })
})
