import { describe, expect, it } from 'vitest'
import { errorText } from './error-text.ts'
import { lastLines, type OutputLine } from './output.ts'

const line = (timeUs: number, process: string, text: string): OutputLine => ({
  timeUs,
  process,
  stream: 'stdout',
  text,
})

describe('the last lines of a run', () => {
  it('are ten of each process, in the order of the run', () => {
    const lines = Array.from({ length: 30 }, (_, index) =>
      line(index, `consumer-${index % 2}`, `line ${index}`),
    )
    const last = lastLines(lines)
    expect(last.map(({ timeUs }) => timeUs)).toEqual(Array.from({ length: 20 }, (_, index) => index + 10))
  })

  it('are without the log of kafkajs, and a repeated line stands once', () => {
    const lines = [
      line(1, 'consumer-0', 'started'),
      line(2, 'consumer-0', '{"level":"INFO","logger":"kafkajs","message":"joined"}'),
      line(3, 'consumer-0', 'failed'),
      line(4, 'consumer-1', 'failed'),
      line(5, 'consumer-0', 'failed'),
    ]
    expect(lastLines(lines).map(({ timeUs, text }) => `${timeUs} ${text}`)).toEqual([
      '1 started',
      '4 failed',
      '5 failed (2 times)',
    ])
  })
})

describe('an error in words', () => {
  it.each([
    [new RangeError('too far'), 'RangeError: too far'],
    [{ name: 'QueryFailed', message: 'no row' }, 'QueryFailed: no row'],
    [{ code: 'E1', detail: 'no row' }, "{ code: 'E1', detail: 'no row' }"],
    ['plain text', 'plain text'],
    [null, 'null'],
    [undefined, 'undefined'],
  ])('%o', (error, text) => {
    expect(errorText(error)).toBe(text)
  })

  it('one that throws where it is looked at', () => {
    const get = (): never => {
      throw new Error('a trap')
    }
    expect(errorText(new Proxy({}, { get }))).toBe('an error that cannot be read')
  })
})
