import { describe, expect, it } from 'vitest'
import type { HistoryEvent } from '../core/history.ts'
import { Armed } from './armed.ts'

function gaveUp(process: string): HistoryEvent {
  const by = { process, incarnation: 0 }
  return {
    kind: 'consumer-crashed',
    group: 'g',
    error: 'KafkaJSError',
    restarts: true,
    ...by,
    seq: 1,
    timeUs: 1,
  }
}

function armed(name: string, times?: number | 'until-given-up'): Armed<string> {
  const made = new Armed<string>()
  made.arm(name, 'refused', times)
  return made
}

describe('actions that wait for requests and calls', () => {
  it('one strikes the one that it names, once', () => {
    const one = armed('consumer-0 db POST /a#b#2')
    expect(one.take('consumer-0 db POST /a#b#1')).toBeUndefined()
    expect(one.take('consumer-0 db POST /a#b#2')).toBe('refused')
    expect(one.isEmpty).toBe(true)
  })

  it('several in a row are those of one sort that follow', () => {
    const three = armed('consumer-0 OffsetCommit#2', 3)
    const struck = [1, 2, 3, 4, 5].filter(
      (ordinal) => three.take(`consumer-0 OffsetCommit#${ordinal}`) !== undefined,
    )
    expect(struck).toEqual([2, 3, 4])
  })

  it('until the client gives up, all of one sort from the first named are struck', () => {
    const all = armed('consumer-0 OffsetCommit#2', 'until-given-up')
    expect(all.isEmpty).toBe(false)
    expect(all.take('consumer-0 OffsetCommit#1')).toBeUndefined()
    expect(all.take('consumer-0 Heartbeat#3')).toBeUndefined()
    expect(all.take('consumer-1 OffsetCommit#3')).toBeUndefined()
    for (let ordinal = 2; ordinal < 20; ordinal += 1)
      expect(all.take(`consumer-0 OffsetCommit#${ordinal}`)).toBe('refused')
    all.observe(gaveUp('consumer-0'))
    expect(all.take('consumer-0 OffsetCommit#20')).toBeUndefined()
    expect(all.isEmpty).toBe(true)
  })

  it('an app that never gives up has a hundred against it, and no more', () => {
    const all = armed('consumer-0 OffsetCommit#2', 'until-given-up')
    const struck = Array.from({ length: 300 }, (_, ordinal) => all.take(`consumer-0 OffsetCommit#${ordinal}`))
    expect(struck.filter((action) => action !== undefined)).toHaveLength(100)
    expect(all.isEmpty).toBe(true)
  })

  it('a client that gives up before it was struck, or another one, ends nothing', () => {
    const all = armed('consumer-0 OffsetCommit#2', 'until-given-up')
    all.observe(gaveUp('consumer-0'))
    expect(all.take('consumer-0 OffsetCommit#2')).toBe('refused')
    all.observe(gaveUp('consumer-1'))
    expect(all.take('consumer-0 OffsetCommit#3')).toBe('refused')
    all.observe({ ...gaveUp('consumer-0'), kind: 'phase', phase: 'drain' } as HistoryEvent)
    expect(all.take('consumer-0 OffsetCommit#4')).toBe('refused')
  })

  it('the drain ends all of them', () => {
    const all = armed('consumer-0 OffsetCommit#2', 'until-given-up')
    all.arm('consumer-0 Heartbeat#1', 'refused', 3)
    expect(all.heal()).toBe(false)
    expect(all.isEmpty).toBe(true)
    expect(all.take('consumer-0 Heartbeat#2')).toBeUndefined()
  })

  it('the drain is told whether one was striking', () => {
    const all = armed('consumer-0 OffsetCommit#2', 'until-given-up')
    all.take('consumer-0 OffsetCommit#2')
    expect(all.heal()).toBe(true)
    expect(all.heal()).toBe(false)
    const three = armed('consumer-0 OffsetCommit#2', 3)
    three.take('consumer-0 OffsetCommit#2')
    expect(three.heal()).toBe(true)
  })

  it('nothing strikes any more where all of a row have struck', () => {
    const two = armed('consumer-0 OffsetCommit#2', 2)
    for (const ordinal of [2, 3]) two.take(`consumer-0 OffsetCommit#${ordinal}`)
    two.arm('consumer-0 Heartbeat#1', 'refused', 3)
    expect(two.heal()).toBe(false)
  })
})
