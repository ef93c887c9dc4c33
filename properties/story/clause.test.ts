import { describe, expect, it } from 'vitest'
import { historyOf } from '../testing/history.ts'
import { borneOut, shown } from './clause.ts'

const { events } = historyOf('')
const TRUE = shown('consumer-0 committed offset 2')
const ALSO_TRUE = shown('resumed at 2')
/** Shown by an event of another history. */
const FALSE = shown('crashed', ...historyOf('end').events)

describe('the clauses of a headline', () => {
  it('are those that the history bears out', () => {
    expect(borneOut([TRUE, FALSE, ALSO_TRUE], events)).toEqual([TRUE, ALSO_TRUE])
  })

  it('are none without the first, which names who did it', () => {
    expect(borneOut([FALSE, ALSO_TRUE], events)).toEqual([])
  })
})
