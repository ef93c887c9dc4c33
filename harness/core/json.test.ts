import { expect, it } from 'vitest'
import { eventLine } from './history-text.ts'
import { jsonText } from './json.ts'

it('an event is written as it is, whatever code under test has done to JSON', () => {
  const { stringify } = JSON
  const by = { process: 'consumer-0', incarnation: 1 }
  JSON.stringify = () => 'null'
  try {
    expect(eventLine({ kind: 'process-started', ...by, seq: 1, timeUs: 2 })).toBe(
      '{"kind":"process-started","process":"consumer-0","incarnation":1,"seq":1,"timeUs":2}',
    )
  } finally {
    JSON.stringify = stringify
  }
})

it('a text is of what is there, whatever objects are made to say, and they say it again after it', () => {
  const says = (text: string): PropertyDescriptor => ({ value: () => text, configurable: true })
  const prototypes = [Object.prototype, Array.prototype, BigInt.prototype]
  for (const prototype of prototypes) Object.defineProperty(prototype, 'toJSON', says('x'))
  try {
    const exact = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? `${value}` : value)
    expect(jsonText({ a: [1n, 'b', null] }, exact)).toBe('{"a":["1","b",null]}')
    expect(() => jsonText(1n)).toThrow('BigInt')
    expect([{}, [], 1n].map((each) => JSON.stringify(each))).toEqual(['"x"', '"x"', '"x"'])
  } finally {
    for (const prototype of prototypes) Reflect.deleteProperty(prototype, 'toJSON')
  }
})
