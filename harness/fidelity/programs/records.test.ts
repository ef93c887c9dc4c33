import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { linesOf, RECORD_BYTES, readLines, recordOf, Tally } from './records.ts'

function tallyOf(lines: readonly string[], records: number): Tally {
  const tally = new Tally(records)
  for (const line of lines) tally.add(line)
  return tally
}

describe('what a consumer printed', () => {
  it('every record once', () => {
    expect(tallyOf([recordOf(1), recordOf(0)], 2)).toMatchObject({
      complete: true,
      lost: 0,
      doubled: 0,
      strange: 0,
    })
  })

  it('one lost and one twice are not taken for all', () => {
    expect(tallyOf([recordOf(1), recordOf(1)], 2)).toMatchObject({
      complete: false,
      lost: 1,
      doubled: 1,
      strange: 0,
    })
  })

  it.each([
    ['cut short', recordOf(0).slice(0, -1)],
    ['beyond the last', recordOf(2)],
    ['a message of the program', 'Processed a total of 10 messages'],
  ])('%s: strange', (_title, line) => {
    expect(tallyOf([recordOf(0), line], 2)).toMatchObject({ lost: 1, doubled: 0, strange: 1 })
  })
})

describe('lines', () => {
  it('are all records, each of its size, also where they are read in pieces', async () => {
    const whole = await text(Readable.from(linesOf(2_500)))
    expect(whole.length).toBe(2_500 * (RECORD_BYTES + 1))
    const pieces = Array.from({ length: Math.ceil(whole.length / 777) }, (_, at) =>
      whole.slice(at * 777, (at + 1) * 777),
    )
    const tally = new Tally(2_500)
    const stream = Readable.from(pieces)
    readLines(
      stream,
      (line) => tally.add(line),
      () => 0,
    )
    await new Promise((done) => stream.on('end', done))
    expect(tally).toMatchObject({ complete: true, doubled: 0, strange: 0 })
  })
})
