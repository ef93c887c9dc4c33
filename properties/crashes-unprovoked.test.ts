import { describe, expect, it } from 'vitest'
import { see } from './testing/check.ts'

const START = 'consumer-0 start\nconsumer-0 subscribes orders'
const CRASH = "consumer-0 crash error='uncaught exception: TypeError: x is null'"
const ASSERTED = "consumer-0 crash error='unhandled rejection: AssertionError [ERR_ASSERTION]: 1 == 2'"
const FAULT = 'fault pause consumer-0'

function seenIn(...lines: readonly string[]): readonly unknown[] {
  return see('crashes-unprovoked', [START, ...lines, 'end'].join('\n')).map(({ message, explained }) => [
    message,
    explained,
  ])
}

describe('crashes-unprovoked', () => {
  it('is an error that nobody caught, before any fault', () => {
    expect(seenIn(CRASH, 'consumer-0 start', CRASH)).toEqual([
      ['consumer-0 crashed without any fault: TypeError: x is null', false],
    ])
  })

  it('is excused once a fault has begun, unless the app asserts', () => {
    expect(seenIn(FAULT, CRASH, ASSERTED)).toEqual([
      ['consumer-0 crashed after a fault: TypeError: x is null', true],
      ['consumer-0 crashed: AssertionError [ERR_ASSERTION]: 1 == 2', false],
    ])
  })

  it('is excused where it is a timeout and messages are held back, and where it is another error not', () => {
    const late = "consumer-0 crash error='unhandled rejection: TimeoutError: no answer within 100 ms'"
    const mistake = "consumer-0 crash error='uncaught exception: ReferenceError: timeoutMs is not defined'"
    const found = [late, CRASH, mistake].map((line) =>
      see('crashes-unprovoked', [START, line, 'end'].join('\n'), { holds: true }).map(
        ({ message, explained }) => [message, explained],
      ),
    )
    expect(found).toEqual([
      [['consumer-0 crashed where messages are late: TimeoutError: no answer within 100 ms', true]],
      [['consumer-0 crashed without any fault: TypeError: x is null', false]],
      [['consumer-0 crashed without any fault: ReferenceError: timeoutMs is not defined', false]],
    ])
    expect(seenIn(late)).toEqual([
      ['consumer-0 crashed without any fault: TimeoutError: no answer within 100 ms', false],
    ])
  })

  it('is no exit, and no crash from outside', () => {
    expect(seenIn('consumer-0 crash', 'consumer-0 start', 'consumer-0 exit code=1')).toEqual([])
  })
})
