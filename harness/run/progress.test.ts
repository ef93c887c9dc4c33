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

  it('has nothing left to commit where it comes to the partition only later, at its end', () => {
    const { events } = historyOf(`
      topic orders
      append orders/0@0..3
      offset-set orders/0@4
      consumer-0 start
      consumer-0 subscribes orders
      consumer-0 owns orders/0`)
    expect(progressOf(events).finishedAtUs(true)).toBe(events.at(-1)?.timeUs)
  })

  it('passes over what is appended only later', () => {
    expect(isWorkingAfter(`${BEGUN}\noffset-set orders/0@6\nappend orders/0@4..5`)).toBe(false)
    const more = `${BEGUN}\noffset-set orders/0@6\nappend orders/0@4..6`
    expect(isWorkingAfter(more)).toBe(true)
    expect(isWorkingAfter(`${more}\nconsumer-0 processes orders/0@6`)).toBe(false)
  })

  it('has not passed over what stands where records that it passed over were lost', () => {
    const again = 'append orders/0@2..3\nconsumer-0 processes orders/0@2..3'
    const set = 'offset-set orders/0@2'
    const history = `${BEGUN}\noffset-set orders/0@4\ntruncated orders/0@2\n${set}\n${again}\n${set}`
    expect(isWorkingAfter(history)).toBe(false)
  })
})

describe('two groups that consume a topic', () => {
  const both = `
    topic orders
    append orders/0@0
    consumer-0 start
    consumer-0 subscribes orders group=one
    consumer-0 owns orders/0 group=one`

  it('are both waited for', () => {
    const history = `${both}
      consumer-1 subscribes orders group=two
      consumer-1 owns orders/0 group=two
      consumer-0 processes orders/0@0 group=one`
    expect(isWorkingAfter(history)).toBe(true)
    expect(isWorkingAfter(`${history}\nconsumer-1 processes orders/0@0 group=two`)).toBe(false)
  })

  it('are not, where the process of one goes over to the other: what it does is for that', () => {
    const over = `${both}
      consumer-0 crash
      consumer-0 start
      consumer-0 subscribes orders group=two
      consumer-0 owns orders/0 group=two`
    expect(isWorkingAfter(over)).toBe(true)
    expect(isWorkingAfter(`${over}\nconsumer-0 processes orders/0@0 group=two`)).toBe(false)
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

  it('is not when it has ended', () => {
    expect(finishedAtOnce(`${done}\nconsumer-1 start\nconsumer-1 crash`)).toBe(true)
    expect(finishedAtOnce(`${done}\nconsumer-1 start\nconsumer-1 exit asked`)).toBe(true)
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

it('a record whose effect was undone in its service is waited for again', () => {
  const { events } = historyOf(`${BEGUN}\nconsumer-0 processes orders/0@1..3`)
  const progress = progressOf(events)
  expect(progress.working).toBe(false)
  const at = { topic: 'orders', partition: 0, offset: 3n, label: 'effect', timeUs: 0, seq: 0 } as const
  const by = { process: 'consumer-0', incarnation: 1, call: 'DELETE' } as const
  progress.observe({ kind: 'effect-undone', left: 1, ...at, ...by })
  expect(progress.working).toBe(false)
  progress.observe({ kind: 'effect-undone', left: 0, ...at, ...by })
  expect(progress.working).toBe(true)
})
