import { describe, expect, it } from 'vitest'
import { verdict } from './testing/check.ts'

const RUN = 'consumer-0 start\nconsumer-0 subscribes orders\nend'

describe('invariant-broken', () => {
  it('one that is broken, by its name and its own sentence', () => {
    const { verdict: said, violations } = verdict(
      `${RUN}\ninvariant held\ninvariant broken text='3 are missing'`,
    )
    expect([said, violations.map(({ message }) => message)]).toEqual([
      'violated',
      ["'it adds up' is broken: 3 are missing"],
    ])
  })

  it('one that could not be evaluated decides nothing', () => {
    const { verdict: said, properties } = verdict(`${RUN}\ninvariant unknown text='nobody answers'`)
    expect([said, properties['invariant-broken']]).toEqual([
      'undecided',
      { outcome: 'undecided', reason: expect.stringContaining('nobody answers') },
    ])
  })
})
