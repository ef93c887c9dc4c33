import { describe, expect, it } from 'vitest'
import { sentences, verdict } from './testing/check.ts'

const START = 'consumer-0 start\nconsumer-0 subscribes orders\n'

describe('assertion-failed', () => {
  it.each([
    ['always false', ["'it is so' was false in consumer-0"]],
    ['alwaysOrUnreachable false', ["'it is so' was false in consumer-0"]],
    ['unreachable false', ["consumer-0 reached what is unreachable: 'it is so'"]],
    ['always true', []],
    ['sometimes false', []],
    ['reachable true', []],
  ])('%s', (call, expected) => {
    expect(sentences('assertion-failed', `${START}consumer-0 asserts ${call}\nend`)).toEqual(expected)
  })

  it('is a violation under faults as without', () => {
    const text = `${START}fault crash consumer-0\nconsumer-0 asserts always false\nend`
    expect(verdict(text)).toMatchObject({ verdict: 'violated', online: { property: 'assertion-failed' } })
  })
})

describe('assertions that must come true once', () => {
  it('are told with each verdict: came true here, or was only reached', () => {
    const text = `${START}consumer-0 asserts sometimes false
      consumer-0 asserts sometimes true
      consumer-0 asserts sometimes false message='another'
      consumer-0 asserts alwaysOrUnreachable true
      end`
    expect(verdict(text).assertions).toEqual([
      { assertion: 'sometimes', message: 'it is so', met: true },
      { assertion: 'sometimes', message: 'another', met: false },
    ])
  })
})
