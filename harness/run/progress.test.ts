import { describe, expect, it } from 'vitest'
import { historyOf } from '../../properties/testing/history.ts'
import type { HistoryEvent } from '../core/history.ts'
import { Progress } from './progress.ts'

/** Record 0 is done and committed, and the others wait. */
const BEGUN = `
  topic orders
  append orders/0@0..3
  consumer-0 start
  consumer-0 subscribes orders
  consumer-0 owns orders/0
  consumer-0 processes orders/0@0
  consumer-0 commits orders/0@1`

function progressOf(events: readonly HistoryEvent[]): Progress {
  const progress = new Progress()
  for (const event of events) progress.observe(event)
  return progress
}

function isWorkingAfter(history: string): boolean {
  return progressOf(historyOf(history).events).working
}

describe('a group whose offset is set from outside', () => {
  it('is not waited for where it passes over all that was left', () => {
    expect(isWorkingAfter(BEGUN)).toBe(true)
    expect(isWorkingAfter(`${BEGUN}\noffset-set orders/0@4`)).toBe(false)
  })

  it('has nothing left to commit where it stands at the end', () => {
    const { events } = historyOf(`${BEGUN}\noffset-set orders/0@4`)
    expect(progressOf(events).finishedAtUs(true)).toBe(events.at(-1)?.timeUs)
  })

  it('is waited for again where it is set back to what it had passed over', () => {
    const passed = `${BEGUN}\noffset-set orders/0@4`
    expect(isWorkingAfter(`${passed}\noffset-set orders/0@2`)).toBe(true)
    const done = `${passed}\noffset-set orders/0@2\nconsumer-0 processes orders/0@2..3`
    expect(isWorkingAfter(done)).toBe(false)
  })

  it('begins there where it comes to the partition only later', () => {
    const before = `
      topic orders
      append orders/0@0..3
      offset-set orders/0@3
      consumer-0 start
      consumer-0 subscribes orders
      consumer-0 owns orders/0`
    expect(isWorkingAfter(before)).toBe(true)
    expect(isWorkingAfter(`${before}\nconsumer-0 processes orders/0@3`)).toBe(false)
  })
})
