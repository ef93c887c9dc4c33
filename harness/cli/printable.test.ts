import { expect, it } from 'vitest'
import { printable } from './printable.ts'

it.each([
  ['colours and line ends', '\u001b[31m✗\u001b[0m one\n\ttwo', '\u001b[31m✗\u001b[0m one\n\ttwo'],
  ['a screen that is cleared', 'a\u001b[2Jb', 'a\\x1b[2Jb'],
  ['a title of the window', '\u001b]0;x\u0007', '\\x1b]0;x\\x07'],
  ['a line that is written over', 'held\rviolated', 'held\\x0dviolated'],
  [
    'a command of a runner',
    'x\n  ::add-mask::y\n::stop-commands::z',
    'x\n  : :add-mask::y\n: :stop-commands::z',
  ],
])('text of the code under test is printed safely: %s', (_what, text, expected) => {
  expect(printable(text)).toBe(expected)
})
