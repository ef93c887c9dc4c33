import { expect, it } from 'vitest'
import { controlled, inOneLine, printable } from './printable.ts'

it.each([
  ['colours and line ends', '\u001b[31m✗\u001b[0m one\n\ttwo', '\u001b[31m✗\u001b[0m one\n\ttwo'],
  ['a screen that is cleared', 'a\u001b[2Jb', 'a\\x1b[2Jb'],
  ['a title of the window', '\u001b]0;x\u0007', '\\x1b]0;x\\x07'],
  ['text that can be read by nobody', '\u001b[8mhidden\u001b[0m', '\\x1b[8mhidden\u001b[0m'],
  ['a line that is turned round', 'held\u202edetaloiv', 'held\\u202edetaloiv'],
  ['a line that is written over', 'held\rviolated', 'held\\x0dviolated'],
  [
    'a command of a runner',
    'x\n  ::add-mask::y\n::stop-commands::z',
    'x\n  : :add-mask::y\n: :stop-commands::z',
  ],
])('text of the code under test is printed safely: %s', (_what, text, expected) => {
  expect(printable(text)).toBe(expected)
})

it('an annotation stays a command, and holds no control character of the code under test', () => {
  expect(controlled('::error title=x::a\u001b[2J\u009b2J%0A::b')).toBe(
    '::error title=x::a\\x1b[2J\\x9b2J%0A::b',
  )
})

it('a name with line ends commands no runner from the line of progress', () => {
  expect(inOneLine('  a\r\n::set-output name=x::y\n::z: 1 of 20')).toBe(
    '  a⏎::set-output name=x::y⏎::z: 1 of 20',
  )
})
