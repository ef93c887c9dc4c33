import { performance as perfHooks } from 'node:perf_hooks'
import { describe, expect, it } from 'vitest'
import { EPOCH_MS, inProcess } from '../testing/room.ts'

async function inside<T>(look: () => T, afterMs = 1_500): Promise<T> {
  const seen: T[] = []
  await inProcess(() => void setTimeout(() => seen.push(look()), afterMs))
  return seen[0] as T
}

describe('clocks of a simulated process', () => {
  it('show virtual time', async () => {
    const seen = await inside(() => [
      Date.now(),
      new Date(Date.now()).getTime(),
      new Date().toISOString(),
      Date().slice(0, 15),
      performance.now(),
      perfHooks.now(),
      performance.timeOrigin,
      process.hrtime.bigint(),
      process.hrtime(),
      process.hrtime([1, 400_000_000]),
      process.uptime(),
    ])
    expect(seen).toEqual([
      EPOCH_MS + 1_500,
      EPOCH_MS + 1_500,
      '2025-01-01T00:00:01.500Z',
      'Wed Jan 01 2025',
      1_500,
      1_500,
      EPOCH_MS,
      1_500_000_000n,
      [1, 500_000_000],
      [0, 100_000_000],
      1.5,
    ])
  })

  it('the uptime of a new incarnation begins again', async () => {
    const log = await inProcess(
      ({ say }, { incarnation }) => {
        setTimeout(() => {
          say(`${performance.now()} ${process.uptime()} ${performance.timeOrigin - EPOCH_MS}`)
          if (incarnation === 1) process.exit(1)
        }, 500)
      },
      { seconds: 2 },
    )
    expect(log).toEqual(['500 500 0.5 0', '500 p exited 1', '2000 500 0.5 1500'])
  })

  it('Date is the Date that it was: instanceof, subclasses, statics, arguments, constructor', async () => {
    const seen = await inside(() => {
      class Later extends Date {
        hours(): number {
          return this.getUTCHours()
        }
      }
      const later = new Later()
      return [
        new Date() instanceof Date,
        later instanceof Later,
        later instanceof Date,
        later.getTime() - EPOCH_MS,
        later.hours(),
        new Date(2_020, 0, 2, 3).getFullYear(),
        new Date('2020-05-05T00:00:00Z').getTime(),
        new Date(new Date(7)).getTime(),
        Number.isNaN(new Date(Number.NaN).getTime()),
        Date.UTC(2_020, 0),
        Date.parse('2020-01-01T00:00:00Z'),
        new Date().constructor === Date,
        Object.prototype.toString.call(new Date()),
        [Date.name, Date.length],
        structuredClone(new Date()) instanceof Date,
      ]
    })
    expect(seen).toEqual([
      true,
      true,
      true,
      1_500,
      0,
      2_020,
      1_588_636_800_000,
      7,
      true,
      1_577_836_800_000,
      1_577_836_800_000,
      true,
      '[object Date]',
      ['Date', 7],
      true,
    ])
  })

  it('a loop that waits for the clock ends the run: it would never end', async () => {
    await expect(
      inProcess(() => {
        const endMs = Date.now() + 10
        while (Date.now() < endMs);
      }),
    ).rejects.toThrow('p waits in a loop for the clock to move on')
  })

  it('what one simulation read does not count in the next', async () => {
    const loops = inProcess(() => {
      for (;;) Date.now()
    })
    await expect(loops).rejects.toThrow('p waits in a loop')
    expect(await inProcess(({ say }) => say(`${Date.now()}`))).toEqual([`0 ${EPOCH_MS}`])
  })

  it('outside they are real', async () => {
    await inProcess(() => {})
    expect(Math.abs(Date.now() - EPOCH_MS)).toBeGreaterThan(1_000_000)
    expect(performance.timeOrigin).not.toBe(EPOCH_MS)
    const before = process.hrtime.bigint()
    await new Promise((resolve) => setTimeout(resolve, 2))
    expect(process.hrtime.bigint()).toBeGreaterThan(before)
    expect(new Date(2_020, 1)).toBeInstanceOf(Date)
  })
})
