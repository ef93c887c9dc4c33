import { expect, it } from 'vitest'
import { Unassigned } from './unassigned.ts'

type RunNotice = readonly ['started' | 'subscribed' | 'gaveUp' | 'done', process: string]

it.each<[string, boolean, readonly RunNotice[]]>([
  ['starts, where its app has not subscribed', false, [['started', 'relay-0']]],
  [
    'starts, where another process of its app has subscribed',
    true,
    [
      ['subscribed', 'work-0'],
      ['started', 'work-1'],
    ],
  ],
  [
    'has started before another of its app subscribes',
    true,
    [
      ['started', 'work-1'],
      ['subscribed', 'work-0'],
    ],
  ],
  [
    'has an assignment',
    false,
    [
      ['started', 'work-0'],
      ['subscribed', 'work-0'],
      ['done', 'work-0'],
    ],
  ],
  [
    'gives its assignment up',
    true,
    [
      ['subscribed', 'work-0'],
      ['done', 'work-0'],
      ['gaveUp', 'work-0'],
    ],
  ],
  [
    'has ended before its app subscribed to anything',
    false,
    [
      ['started', 'work-0'],
      ['done', 'work-0'],
      ['subscribed', 'work-1'],
    ],
  ],
])('a process that %s is waited for: %s', (_, expected, told) => {
  const unassigned = new Unassigned()
  for (const [what, process] of told) unassigned[what](process)
  expect(unassigned.any).toBe(expected)
})
