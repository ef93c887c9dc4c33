import { AsyncLocalStorage } from 'node:async_hooks'
import timers from 'node:timers'
import timersPromises, { scheduler, setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { inProcess } from '../testing/room.ts'

describe('timers of a simulated process', () => {
  it('fire in order, ties by creation', async () => {
    const log = await inProcess(({ say }) => {
      setTimeout(() => say('b'), 10)
      timers.setTimeout(() => say('a'), 5)
      globalThis.setTimeout(() => say('c'), 10)
      setImmediate(() => say('immediate'))
    })
    expect(log).toEqual(['0 immediate', '5 a', '10 b', '10 c'])
  })

  it('delays that are none are 1 ms, fractions are cut off, text is a number', async () => {
    const delays = [-1e12, 0, 0.9, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, undefined, null, 1.9]
    const log = await inProcess(
      ({ say }) => {
        for (const delay of delays) setTimeout(() => say(String(delay)), delay as number)
        setTimeout(() => say('text'), '12' as unknown as number)
        setTimeout(() => say('longest'), 2 ** 31 - 1)
      },
      { seconds: 3e6 },
    )
    expect(log.slice(0, -2)).toEqual(delays.map((delay) => `1 ${delay}`))
    expect(log.slice(-2)).toEqual(['12 text', '2147483647 longest'])
  })

  it('arguments and this are passed', async () => {
    const log = await inProcess(({ say }) => {
      const timer = setTimeout(
        function (this: unknown, ...args: unknown[]) {
          say(`${args.join()} ${this === timer}`)
        },
        5,
        'a',
        'b',
      )
      setImmediate((...args: unknown[]) => say(args.join()), 'c', 'd')
      const interval = setInterval(
        (text: string) => {
          say(text)
          clearInterval(interval)
        },
        7,
        'once',
      )
    })
    expect(log).toEqual(['0 c,d', '5 a,b true', '7 once'])
  })

  it('what is no function is refused as in Node', async () => {
    const codes: unknown[] = []
    await inProcess(() => {
      for (const attempt of [() => setTimeout('x' as never, 1), () => setImmediate(undefined as never)]) {
        try {
          attempt()
        } catch (error) {
          codes.push((error as { code: string }).code)
        }
      }
    })
    expect(codes).toEqual(['ERR_INVALID_ARG_TYPE', 'ERR_INVALID_ARG_TYPE'])
  })

  it('refresh, close, ref, unref, hasRef', async () => {
    const log = await inProcess(({ say }) => {
      const refreshed = setTimeout(() => say('refreshed'), 100)
      say([refreshed.hasRef(), refreshed.unref().hasRef(), refreshed.ref().hasRef()].join())
      setTimeout(() => refreshed.refresh(), 60)
      setTimeout(() => say('never'), 10).close()
      const again = setTimeout(() => {
        say('again')
        if (Date.now() % 1_000 < 100) again.refresh()
      }, 40)
    })
    expect(log).toEqual(['0 true,false,true', '40 again', '80 again', '120 again', '160 refreshed'])
  })

  it('clear by object, by number, by text, by using, with the other clear, and twice', async () => {
    const log = await inProcess(({ say }) => {
      const never = (): void => say('never')
      clearTimeout(setTimeout(never, 10))
      clearTimeout(+setTimeout(never, 10))
      clearTimeout(`${+setInterval(never, 10)}`)
      clearInterval(setTimeout(never, 10))
      {
        using _timer = setTimeout(never, 10)
      }
      const immediate = setImmediate(never)
      clearImmediate(immediate)
      clearImmediate(immediate)
      clearTimeout(undefined)
      clearTimeout('nothing')
      clearTimeout(987_654)
      say('done')
    })
    expect(log).toEqual(['0 done'])
  })

  it('an interval keeps its grid, survives an error that somebody hears, and ends from within', async () => {
    const log = await inProcess(({ say }) => {
      process.on('uncaughtException', ({ message }) => say(message))
      let count = 0
      const timer = setInterval(() => {
        count += 1
        say(`tick ${count}`)
        if (count === 3) clearInterval(timer)
        if (count === 2) throw new Error('boom')
      }, 10)
    })
    expect(log).toEqual(['10 tick 1', '20 tick 2', '20 boom', '30 tick 3'])
  })

  it('promisified, and of node:timers/promises', async () => {
    const log = await inProcess(async ({ say }) => {
      say(`promisified ${await promisify(setTimeout)(20, 'value')}`)
      say(`immediate ${await promisify(setImmediate)('value')}`)
      say(`promise ${await sleep(5, 'value')}`)
      await timersPromises.setImmediate()
      await scheduler.wait(3)
      await scheduler.yield()
      say('scheduler')
      let ticks = 0
      for await (const value of timersPromises.setInterval(10, 'tick')) {
        ticks += 1
        say(`${value} ${ticks}`)
        if (ticks === 1) await sleep(25)
        if (ticks === 4) break
      }
      setTimeout(() => say('nothing is left'), 1_000)
    })
    expect(log).toEqual([
      '20 promisified value',
      '20 immediate value',
      '25 promise value',
      '28 scheduler',
      '38 tick 1',
      '63 tick 2',
      '63 tick 3',
      '68 tick 4',
      '1068 nothing is left',
    ])
  })

  it('abort signals end waiting, before and during', async () => {
    const log = await inProcess(async ({ say }) => {
      const report = (error: Error & { code: string }): void =>
        say(`${error.name} ${error.code} ${error.cause}`)
      await sleep(50, null, { signal: AbortSignal.abort('at once') }).catch(report)
      const timeout = AbortSignal.timeout(10)
      await sleep(50, null, { signal: timeout }).catch((error: Error) => say((error.cause as Error).name))
      const controller = new AbortController()
      setTimeout(() => controller.abort('later'), 5)
      await scheduler.wait(50, { signal: controller.signal }).catch(report)
      const endless = new AbortController()
      setTimeout(() => endless.abort('enough'), 25)
      try {
        for await (const _tick of timersPromises.setInterval(10, null, { signal: endless.signal }))
          say('tick')
      } catch (error) {
        report(error as Error & { code: string })
      }
    })
    expect(log).toEqual([
      '0 AbortError ABORT_ERR at once',
      '10 TimeoutError',
      '15 AbortError ABORT_ERR later',
      '25 tick',
      '35 tick',
      '40 AbortError ABORT_ERR enough',
    ])
  })

  it("carry a user's own AsyncLocalStorage, promises included", async () => {
    const storage = new AsyncLocalStorage<string>()
    const log = await inProcess(({ say }) => {
      for (const name of ['a', 'b']) {
        storage.run(name, async () => {
          setTimeout(() => say(`timeout ${storage.getStore()}`), 5)
          setImmediate(() => say(`immediate ${storage.getStore()}`))
          await sleep(10)
          say(`awaited ${storage.getStore()}`)
        })
      }
      setTimeout(() => say(`outside ${storage.getStore()}`), 20)
    })
    expect(log).toEqual([
      '0 immediate a',
      '0 immediate b',
      '5 timeout a',
      '5 timeout b',
      '10 awaited a',
      '10 awaited b',
      '20 outside undefined',
    ])
  })

  it('outside they are those of Node', async () => {
    await inProcess(() => {})
    const timer = setTimeout(() => {}, 1_000)
    expect(timer.constructor.name).toBe('Timeout')
    clearTimeout(+timer)
    expect((timer as unknown as { _destroyed: boolean })._destroyed).toBe(true)
    expect(await promisify(setTimeout)(1, 'real')).toBe('real')
    expect(await sleep(1, 'real')).toBe('real')
    await expect(sleep(1_000, null, { signal: AbortSignal.timeout(1) })).rejects.toThrow('aborted')
  })
})
