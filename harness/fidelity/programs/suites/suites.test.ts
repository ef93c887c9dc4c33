import { describe, expect, it } from 'vitest'
import { resultsOf } from './franz-go.ts'
import { judged } from './judge.ts'

describe('what go test says', () => {
  it('is read from the lines that close tests and subtests', () => {
    const stdout = '=== RUN a\n--- PASS: TestA (1s)\n    --- FAIL: TestB/x (2s)\n--- SKIP: TestC (0s)\nFAIL\n'
    const { passed, failed, skipped } = resultsOf(stdout, '')
    expect([passed, failed.map(({ test }) => test), skipped]).toEqual([['TestA'], ['TestB/x'], ['TestC']])
  })

  it('a program that closes none has failed', () => {
    expect(resultsOf('panic: no broker', '').failed.map(({ test }) => test)).toEqual(['the test program'])
  })
})

describe('judged by what is expected', () => {
  const expected = [{ suite: /^s$/, test: /^known$/, why: 'a documented gap' }]
  const results = (...failed: string[]) => ({
    passed: ['known', 'other'].filter((test) => !failed.includes(test)),
    failed: failed.map((test) => ({ test, why: 'x' })),
    skipped: [],
  })

  it('a failure that is listed is none', () => {
    const { news, known } = judged('s', results('known'), expected)
    expect([news, known]).toEqual([[], ['known: a documented gap']])
  })

  it('one that is not listed is new', () => {
    expect(judged('s', results('other'), expected).news.map(({ test }) => test)).toEqual(['other'])
    expect(judged('another', results('known'), expected).news.map(({ test }) => test)).toEqual(['known'])
  })

  it('one that is listed and passes is said', () => {
    expect(judged('s', results(), expected).passesAgain).toEqual(['known'])
  })
})
