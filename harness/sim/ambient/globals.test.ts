import { runInThisContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { inProcess, room, runFor } from '../testing/room.ts'

const NAME = 'ONCEOVER_TEST_GLOBAL'

interface TestGlobals {
  [NAME]?: number
}

const globals = globalThis as TestGlobals

describe('a global variable that code makes', () => {
  it.each([
    [
      'an assignment',
      (value: number): void => {
        globals[NAME] = value
      },
    ],
    [
      'defineProperty',
      (value: number): void => {
        Object.defineProperty(globalThis, NAME, { value, configurable: true })
      },
    ],
  ])('is of its incarnation alone: %s', async (_name, set) => {
    const made = room()
    const main = (name: string) => (): void => {
      made.say(`${name} finds ${globals[NAME]} ${NAME in globalThis}`)
      set(name === 'a' ? 1 : 2)
      setTimeout(() => made.say(`${name} has ${globals[NAME]} ${NAME in globalThis}`), 10)
    }
    const a = made.simulation.spawn('a', main('a'))
    made.simulation.spawn('b', main('b'))
    made.simulation.after(100_000, () => a.crash({ restartMs: 1_000 }))
    await runFor(made, 3)
    made.simulation.dispose()
    expect(made.log.filter((line) => / (finds|has) /.test(line))).toEqual([
      '0 a finds undefined false',
      '0 b finds undefined false',
      '10 a has 1 true',
      '10 b has 2 true',
      '1100 a finds undefined false',
      '1110 a has 1 true',
    ])
    expect([globals[NAME], NAME in globalThis]).toEqual([undefined, false])
  })

  it('is one for all where code outside of the simulation made it', async () => {
    globals[NAME] = 5
    const log = await inProcess(({ say }) => {
      say(`${globals[NAME]}`)
      globals[NAME] = 6
    })
    expect([log[0], globals[NAME]]).toEqual(['0 5', 6])
    delete globals[NAME]
  })

  it('is one for all where Node makes it, as it loads undici when something asks for fetch', async () => {
    const define = `Object.defineProperty(globalThis, '${NAME}', { value: 7, configurable: true })`
    await inProcess(() => void runInThisContext(define, { filename: 'node:internal/deps/undici/undici' }))
    expect(globals[NAME]).toBe(7)
    delete globals[NAME]
  })
})

describe('a global variable of Node', () => {
  it('that code deletes is there for everybody outside, and for each process that starts later', async () => {
    const made = room()
    const main = (name: string) => (): void => {
      made.say(`${name} finds ${typeof globalThis.process}`)
      setTimeout(() => {
        Reflect.deleteProperty(globalThis, 'process')
        made.say(`${name} has ${typeof globalThis.process}`)
      }, 10)
    }
    const a = made.simulation.spawn('a', main('a'))
    const outside: string[] = []
    made.simulation.after(50_000, () => outside.push(typeof globalThis.process))
    made.simulation.after(100_000, () => a.crash({ restartMs: 1_000 }))
    await runFor(made, 3)
    made.simulation.dispose()
    expect(outside).toEqual(['object'])
    expect(
      made.log.filter((line) => / (finds|has) /.test(line)).map((line) => line.replace(/^\d+ /, '')),
    ).toEqual(['a finds object', 'a has undefined', 'a finds object', 'a has undefined'])
  })
})
