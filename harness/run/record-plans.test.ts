import { describe, expect, it } from 'vitest'
import type { HistoryEvent } from '../core/history.ts'
import type { RecordPlan } from '../faults/world.interface.ts'
import { RecordPlans } from './record-plans.ts'

const RECORD = { topic: 'work', partition: 0, offset: 7n }
const SLOW: RecordPlan = { what: 'slow', times: 'once', delayUs: 5 }
const REFUSED: RecordPlan = { what: 'fail-effect', times: 'once', delayUs: 0 }
const POISON: RecordPlan = { what: 'fail-handler', times: 'always', delayUs: 0 }

function armed(...plans: readonly RecordPlan[]): RecordPlans {
  const made = new RecordPlans()
  for (const plan of plans) made.arm('work/0@7', plan)
  return made
}

describe('plans for the handling of a record', () => {
  it('two of different kinds wait for their own moments, in any order', () => {
    const plans = armed(SLOW, REFUSED)
    expect(plans.take(RECORD, ['fail-effect', 'lose-effect-answer'])).toBe(REFUSED)
    expect(plans.take(RECORD, ['fail-handler'])).toBeNull()
    expect(plans.take(RECORD, ['slow'])).toBe(SLOW)
  })

  it('what happens once is used up, what happens always is not', () => {
    const plans = armed(REFUSED, POISON)
    expect(plans.take(RECORD, ['fail-effect'])).toBe(REFUSED)
    expect(plans.take(RECORD, ['fail-effect'])).toBeNull()
    expect(plans.take(RECORD, ['fail-handler'])).toBe(POISON)
    expect(plans.take(RECORD, ['fail-handler'])).toBe(POISON)
  })

  it('what happens several times is used up after as many', () => {
    const plans = armed({ ...REFUSED, times: 3 })
    const struck = Array.from({ length: 4 }, () => plans.take(RECORD, ['fail-effect']) !== null)
    expect(struck).toEqual([true, true, true, false])
  })

  it('what happens until a client gives up ends when one does, once it has struck', () => {
    const plans = armed({ ...POISON, times: 'until-given-up' })
    const ends: HistoryEvent = {
      kind: 'process-exited',
      process: 'consumer-0',
      incarnation: 1,
      code: 1,
      asked: false,
      seq: 1,
      timeUs: 1,
    }
    plans.observe(ends)
    expect(plans.take(RECORD, ['fail-handler'])).not.toBeNull()
    expect(plans.take(RECORD, ['fail-handler'])).not.toBeNull()
    plans.observe(ends)
    expect(plans.take(RECORD, ['fail-handler'])).toBeNull()
  })

  it('another record has none', () => {
    expect(armed(SLOW).take({ ...RECORD, offset: 8n }, ['slow'])).toBeNull()
  })

  it('the drain forgets what has not happened yet, and a poison record stays one', () => {
    const plans = armed(SLOW, POISON)
    plans.heal()
    expect(plans.take(RECORD, ['slow'])).toBeNull()
    expect(plans.take(RECORD, ['fail-handler'])).toBe(POISON)
  })
})
