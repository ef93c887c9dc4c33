import { expect, it } from 'vitest'
import { describeFault } from '../fault-words.ts'
import { requestError } from './request-error.ts'
import { inARow } from './times.ts'

const REFUSED = {
  kind: 'request-error',
  target: 'consumer-0 OffsetCommit#2',
  at: { event: 'consumer-0 OffsetCommit#2 sent' },
  error: 'NOT_COORDINATOR',
} as const

it('says how many of one sort are struck in a row', () => {
  const words = ([undefined, 3, 'until-given-up'] as const).map((times) =>
    describeFault({ ...REFUSED, ...(times === undefined ? {} : { times }) }),
  )
  const behind = "with NOT_COORDINATOR after 'consumer-0 OffsetCommit#2 sent'"
  expect(words).toEqual([
    `answer consumer-0 OffsetCommit#2 ${behind}`,
    `answer consumer-0 OffsetCommit#2 and the next 2 ${behind}`,
    `answer consumer-0 OffsetCommit#2 and each that follows, until its client gives up, ${behind}`,
  ])
  expect(requestError.told({ ...REFUSED, times: 'until-given-up' })?.text).toBe(
    'consumer-0 OffsetCommit#2 and each that follows, until its client gives up, is refused with NOT_COORDINATOR',
  )
})

it('fewer in a row are plainer, and one is the plainest', () => {
  expect(inARow.plainer(undefined)).toEqual([])
  expect(inARow.plainer(2)).toEqual([undefined])
  expect(inARow.plainer(4)).toEqual([undefined, 2, 3])
  expect(inARow.plainer('until-given-up')).toEqual([undefined, 2, 3])
})
