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

describe('a process without an assignment', () => {
  const done = `${BEGUN}\nconsumer-0 processes orders/0@1..3\nconsumer-0 commits orders/0@4`
  const finishedAtOnce = (history: string): boolean => {
    const { events } = historyOf(history)
    return progressOf(events).finishedAtUs(true) === events.at(-1)?.timeUs
  }

  it('is waited for where its app consumes', () => {
    expect(finishedAtOnce(`${done}\nconsumer-1 start`)).toBe(false)
    expect(finishedAtOnce(`consumer-1 start\n${done}`)).toBe(false)
  })

  it('is not where no process of its app has subscribed to anything', () => {
    expect(finishedAtOnce(`${done}\nrelay-0 start`)).toBe(true)
    expect(finishedAtOnce(`relay-0 start\n${done}`)).toBe(true)
  })
})

describe('a record whose last step another group takes', () => {
  const history = `
    topic orders
    topic results
    append orders/0@0
    payments-0 start
    payments-0 subscribes orders group=payments
    payments-0 owns orders/0 group=payments
    payments-0 commits orders/0@1 group=payments
    append results/0@0
    orders-0 start
    orders-0 subscribes results group=orders
    orders-0 owns results/0 group=orders
    orders-0 processes results/0@0 group=orders
    orders-0 commits results/0@1 group=orders`

  it('is waited for until that has its effect', () => {
    const at = (text: string): number => {
      const { events } = historyOf(text)
      return (progressOf(events).finishedAtUs(true) ?? 0) - (events.at(-1)?.timeUs ?? 0)
    }
    expect(at(history)).toBeGreaterThan(0)
    expect(at(`${history}\norders-0 effect orders/0@0`)).toBe(0)
  })
})
