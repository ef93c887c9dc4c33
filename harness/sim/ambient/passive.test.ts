import { describe, expect, it } from 'vitest'
import { createStream } from '../../core/seed.ts'
import { EPOCH_MS, inProcess, room, runFor } from '../testing/room.ts'
import { wakePassive, withPassiveTimer } from './passive.ts'

/** Whether the timers that only look are told when to look, or look all the time. */
type Looking = 'passive' | 'polling'

describe('a passive timer', () => {
  it('costs nothing while there is nothing to do: an idle virtual minute', async () => {
    const eventsOf = async (looking: Looking): Promise<number> => {
      const made = room()
      made.simulation.spawn('p', () => {
        const look = (): void => {
          const create = (): unknown => setTimeout(look, -1)
          if (looking === 'passive') withPassiveTimer(() => null, create)
          else create()
        }
        look()
      })
      await runFor(made, 60)
      made.simulation.dispose()
      return made.simulation.events
    }
    expect(await eventsOf('passive')).toBeLessThan(5)
    expect(await eventsOf('polling')).toBeGreaterThan(50_000)
  })

  it('comes at the first point of its grid at which it can do something', async () => {
    const log = await inProcess(
      ({ say }) => {
        let dueMs: number | null = EPOCH_MS + 1_234
        const timer = withPassiveTimer(
          () => dueMs,
          () =>
            setInterval(() => {
              say('looked')
              dueMs = dueMs === EPOCH_MS + 1_234 ? EPOCH_MS + 2_000 : null
            }, 100),
        )
        setTimeout(() => wakePassive(timer), 5_550)
        setTimeout(() => clearInterval(timer), 5_950)
        setTimeout(() => wakePassive(timer), 6_000)
      },
      { seconds: 10 },
    )
    expect(log).toEqual(['1300 looked', '2000 looked', '5600 looked'])
  })

  it('that was woken comes once, and earlier than it said where that is earlier', async () => {
    const log = await inProcess(
      ({ say }) => {
        const timer = withPassiveTimer(
          () => EPOCH_MS + 9_000,
          () => setTimeout(() => say('looked'), 10),
        )
        setTimeout(() => {
          wakePassive(timer)
          wakePassive(timer)
        }, 101)
      },
      { seconds: 20 },
    )
    expect(log).toEqual(['110 looked'])
  })

  it('may be woken where it is none', async () => {
    const log = await inProcess(({ say }) => {
      const timer = setTimeout(() => say('as always'), 50)
      wakePassive(timer)
      wakePassive(undefined)
      wakePassive(setImmediate(() => {}))
    })
    expect(log).toEqual(['50 as always'])
  })

  it('outside a simulated process nothing is different', () => {
    const timer = withPassiveTimer(
      () => null,
      () => setTimeout(() => {}, 1_000),
    )
    expect(timer.hasRef()).toBe(true)
    clearTimeout(timer)
  })
})

/**
 * A queue that is sent by a timer which looks every so often, as in a client library: jobs come at
 * random times.
 */
async function worker(looking: Looking, seed: string): Promise<readonly string[]> {
  const random = createStream(seed)
  const made = room({ latency: { lowUs: 1, highUs: 3_000 } })
  const { simulation, say } = made
  simulation.spawn('p', () => {
    const stepMs = random.between(1, 7)
    const jobs: number[] = []
    const overdueMs = random.between(20, 50)
    const sent: number[] = []
    let looker: unknown
    const look = (): void => {
      for (; jobs.length > 0; sent.push(Date.now())) say(`sends ${jobs.shift()} at ${simulation.nowUs}`)
      const create = (): unknown => setTimeout(look, stepMs)
      const wanted = looking === 'passive'
      looker = wanted ? withPassiveTimer(() => (jobs.length > 0 ? 0 : null), create) : create()
    }
    look()
    const check = (): void => {
      while (sent[0] !== undefined && Date.now() - sent[0] > overdueMs) say(`overdue ${sent.shift()}`)
    }
    const due = (): number | null => Math.min(sent[0] ?? Number.POSITIVE_INFINITY, Date.now()) + overdueMs
    const stepCheckMs = random.between(3, 10)
    if (looking === 'passive') withPassiveTimer(due, () => setInterval(check, stepCheckMs))
    else setInterval(check, stepCheckMs)
    const job = (number: number): void => {
      jobs.push(number)
      if (looking === 'passive') wakePassive(looker)
    }
    // Half of the jobs come exactly at a time at which the timer might look, asked for at various
    // times before.
    for (let number = 0; number < 40; number += 1) {
      const atMs = number % 2 === 0 ? random.between(1, 600) : stepMs * random.between(1, 90)
      // Asked for in the very millisecond in which the timer was: the order is nobody's to say.
      const anyMs = random.below(atMs)
      const fromMs = atMs - anyMs === stepMs ? 0 : anyMs
      setTimeout(() => setTimeout(() => job(number), atMs - fromMs), fromMs)
    }
  })
  await runFor(made, 2)
  simulation.dispose()
  return made.log
}

describe('the same happens with passive timers as with timers that look all the time', () => {
  it('for 50 random programs', async () => {
    for (let index = 0; index < 50; index += 1) {
      const seed = `program ${index}`
      expect(await worker('passive', seed), seed).toEqual(await worker('polling', seed))
    }
  })
})
