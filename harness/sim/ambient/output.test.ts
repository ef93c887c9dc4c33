import fs from 'node:fs'
import { describe, expect, it } from 'vitest'
import { inProcess } from '../testing/room.ts'

describe('what a simulated process prints', () => {
  it('goes to onConsole, formatted as Node does', async () => {
    const printed: string[] = []
    await inProcess(
      async () => {
        console.log('hello %s', 'world', { a: [1] })
        console.info(new Map([['k', 1]]))
        console.error('bad')
        console.warn('careful')
        console.debug(1n, undefined)
        console.table([{ a: 1 }])
        console.group('inner')
        console.log('indented')
        console.groupEnd()
        console.assert(false, 'asserted')
        process.stdout.write('out')
        process.stderr.write(new Uint8Array([104, 105]))
        await new Promise<void>((resolve) => process.stdout.write('called back', () => resolve()))
        fs.writeSync(1, 'descriptor\n')
        fs.write(2, 'later\n', () => console.log('written'))
      },
      { onConsole: ({ name }, stream, text) => printed.push(`${name} ${stream} ${text}`) },
    )
    expect(printed.map((line) => line.replaceAll('\n', '⏎'))).toEqual([
      'p stdout hello world { a: [ 1 ] }⏎',
      "p stdout Map(1) { 'k' => 1 }⏎",
      'p stderr bad⏎',
      'p stderr careful⏎',
      'p stdout 1n undefined⏎',
      expect.stringContaining('(index)'),
      'p stdout inner⏎',
      'p stdout   indented⏎',
      'p stderr Assertion failed: asserted⏎',
      'p stdout out',
      'p stderr hi',
      'p stdout called back',
      'p stdout descriptor⏎',
      'p stderr later⏎',
      'p stdout written⏎',
    ])
  })

  it('is dropped without being formatted where nobody listens', async () => {
    let formatted = 0
    const log = await inProcess(({ say }) => {
      console.log({
        [Symbol.for('nodejs.util.inspect.custom')]: () => {
          formatted += 1
          return 'x'
        },
      })
      say(String(process.stdout.write('never seen')))
    })
    expect(log).toEqual(['0 true'])
    expect(formatted).toBe(0)
  })
})
