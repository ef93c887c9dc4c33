import { describe, expect, it } from 'vitest'
import { measureSeries } from './measure-series.ts'
import { settingOf } from './testing/check.ts'
import { historyOf } from './testing/history.ts'

const START = `topic orders
  consumer-0 start
  consumer-0 subscribes orders
  consumer-0 owns orders/0
`

function seriesOf(text: string, measures = {}): ReturnType<typeof measureSeries> {
  return measureSeries(historyOf(`${START}${text}`), settingOf({ measures }))
}

/** Points without the millisecond that each event takes. */
function linesOf(text: string, measure: string): unknown {
  const series = seriesOf(text).find((each) => each.measure === measure)
  return series?.lines.map(({ of, points }) => [of, points.map(([, value]) => value)])
}

describe('measures over time', () => {
  it('lag steps at each record that comes or is done, to the last moment', () => {
    const text = `append orders/0@0\nwait 2s\nappend orders/0@1\nconsumer-0 processes orders/0@0..1\nwait 1s\nend`
    expect(linesOf(text, 'lagMax')).toEqual([['the group g at orders/0', [0, 1, 1, 2, 2, 1, 1, 0, 0]]])
  })

  it('a partition that stands still rises until it goes on, and again', () => {
    const text = `append orders/0@0..1\nwait 3s\nconsumer-0 processes orders/0@0\nwait 4s
      consumer-0 processes orders/0@1\nend`
    expect(linesOf(text, 'stoppedMsMax')).toEqual([['the group g at orders/0', [0, 3_003, 0, 4_003, 0]]])
  })

  it('each fault has duplicates and a recovery of its own, in its words', () => {
    const text = `append orders/0@0..2\nconsumer-0 processes orders/0@0..1\nfault crash consumer-0
      consumer-0 effect orders/0@0..1\nfault crash consumer-1\nconsumer-0 effect orders/0@0
      wait 2s\nconsumer-0 processes orders/0@2\nend`
    expect(linesOf(text, 'duplicatesMax')).toEqual([
      ['crash consumer-0', [0, 1, 1, 2, 2, 0]],
      ['crash consumer-1', [0, 1, 1]],
    ])
    expect(linesOf(text, 'recoveryMsMax')).toMatchObject([
      ['crash consumer-0', [0, expect.any(Number), 0]],
      ['crash consumer-1', [0, expect.any(Number), 0]],
    ])
  })

  it('the end of the run ends what has not recovered, and the highest is that of the verdict', () => {
    const text = `append orders/0@0\nfault pause consumer-0\nwait 9s\nheals 0\nwait 2s\nend`
    const series = seriesOf(text, { recoveryMsMax: 1_000 })
    const recovery = series.find(({ measure }) => measure === 'recoveryMsMax')
    expect(recovery).toMatchObject({ highest: 2_001, limit: 1_000 })
    expect(recovery?.lines[0]?.points.at(-2)?.[1]).toBe(2_001)
    expect(series.map(({ measure }) => measure)).toEqual([
      'lagMax',
      'duplicatesMax',
      'stoppedMsMax',
      'recoveryMsMax',
    ])
  })

  it('knows from when to when the faults of the run acted', () => {
    const [{ faults } = { faults: [] }] = seriesOf(
      'append orders/0@0\nfault pause consumer-0\nwait 9s\nheals 0\nfault crash consumer-0\nend',
    )
    expect(faults).toEqual([
      { fault: expect.stringContaining('pause consumer-0'), beginsMs: 7, endsMs: 9_008 },
      { fault: 'crash consumer-0', beginsMs: 9_009, endsMs: null },
    ])
  })

  it('nobody asked for them', () => {
    expect(measureSeries(historyOf(`${START}end`), settingOf())).toEqual([])
  })
})
