import { expect, it } from 'vitest'
import { errorText } from './error-text.ts'

it.each([
  ['an error', new RangeError('x'.repeat(5_000)), 'RangeError: xxx'],
  ['what looks like one', { message: 'x'.repeat(5_000) }, 'Error: xxx'],
  ['an error whose name is a text', Object.assign(new Error(''), { name: 'x'.repeat(5_000) }), 'xxx'],
])('%s that quotes a payload is kept to 2,000 characters', (_, error, begin) => {
  const text = errorText(error)
  expect(text).toHaveLength(2_001)
  expect([text.startsWith(begin), text.endsWith('x…')]).toEqual([true, true])
})
