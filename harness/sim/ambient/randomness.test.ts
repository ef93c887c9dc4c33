import crypto, { randomUUID } from 'node:crypto'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { createChance } from '../../core/seed.ts'
import { inProcess } from '../testing/room.ts'

const callback = <T>(start: (done: (error: Error | null, value: T) => void) => unknown): Promise<T> =>
  promisify(start as (done: (error: Error | null, value: T) => void) => void)()

async function everything(): Promise<unknown[]> {
  return [
    Math.random(),
    randomUUID(),
    globalThis.crypto.randomUUID(),
    crypto.randomBytes(9).toString('hex'),
    (await callback<Buffer>((done) => crypto.randomBytes(5, done))).toString('hex'),
    (await promisify(crypto.randomBytes)(5)).toString('hex'),
    crypto.randomInt(1_000_000),
    crypto.randomInt(5, 2 ** 40),
    await callback<number>((done) => crypto.randomInt(10, done)),
    crypto.randomFillSync(Buffer.alloc(6)).toString('hex'),
    crypto.randomFillSync(Buffer.alloc(6), 2, 2).toString('hex'),
    crypto.randomFillSync(new Uint16Array(3), 1).join(),
    (await callback<Buffer>((done) => crypto.randomFill(Buffer.alloc(6), done))).toString('hex'),
    globalThis.crypto.getRandomValues(new Uint8Array(4)).join(),
    crypto.getRandomValues(new Uint32Array(2)).join(),
    crypto.webcrypto.getRandomValues(new Uint8Array(2)).join(),
  ]
}

async function drawn(seed: string, draws: () => Promise<unknown[]> = everything): Promise<unknown[]> {
  const seen: unknown[] = []
  await inProcess(async () => seen.push(await draws()), { chance: createChance(seed) })
  return seen[0] as unknown[]
}

describe('chance in a simulated process', () => {
  it('comes from the seed, all of it', async () => {
    const one = await drawn('one')
    expect(await drawn('one')).toEqual(one)
    const two = await drawn('two')
    expect(one.filter((value, index) => value === two[index])).toEqual([])
    expect(one[0]).toBeGreaterThanOrEqual(0)
    expect(one[0]).toBeLessThan(1)
    expect(one[1]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(one[10]).toMatch(/^0000[0-9a-f]{4}0000$/)
    expect(one[11]).toMatch(/^0,/)
  })

  it('is spread over its range', async () => {
    const numbers = (await drawn('spread', async () =>
      Array.from({ length: 10_000 }, () => [Math.random(), crypto.randomInt(-5, 5)]),
    )) as [number, number][]
    const mean = numbers.reduce((sum, [number]) => sum + number, 0) / numbers.length
    expect(mean).toBeGreaterThan(0.48)
    expect(mean).toBeLessThan(0.52)
    expect([...new Set(numbers.map(([, integer]) => integer))].sort((a, b) => a - b)).toEqual([
      -5, -4, -3, -2, -1, 0, 1, 2, 3, 4,
    ])
  })

  it('each incarnation has its own, and another process changes nothing', async () => {
    const log = await inProcess(
      ({ say }) => {
        say(randomUUID())
        process.exit(1)
      },
      { seconds: 1.5 },
    )
    const uuids = log.filter((line) => line.includes('-')).map((line) => line.split(' ')[1])
    expect(new Set(uuids).size).toBe(2)
  })

  it('what Node refuses is refused', async () => {
    const codes: unknown[] = []
    await inProcess(() => {
      for (const attempt of [
        () => crypto.randomInt(0),
        () => crypto.randomInt(5, 5),
        () => globalThis.crypto.getRandomValues(new Uint8Array(70_000)),
      ]) {
        try {
          attempt()
        } catch (error) {
          codes.push((error as { code: unknown }).code)
        }
      }
    })
    expect(codes).toEqual(['ERR_OUT_OF_RANGE', 'ERR_OUT_OF_RANGE', 22])
  })

  it('outside it is real', async () => {
    const first = await everything()
    expect(first.filter((value, index) => index !== 8 && value === undefined)).toEqual([])
    expect(randomUUID()).not.toBe(randomUUID())
  })
})
