import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { EventQueue, type QueuedEvent } from './event-queue.ts'
import { inProcess, room } from './testing/room.ts'

describe('the event queue', () => {
  const event = (timeUs: number, seq: number, askedUs = 0): QueuedEvent => ({
    timeUs,
    askedUs,
    seq,
    owner: null,
    resource: null,
    timer: false,
    action: () => {},
  })
  const drain = (queue: EventQueue<{ alive: boolean }>): string[] => {
    const order: string[] = []
    for (let next = queue.peek(); next !== undefined; next = queue.peek()) {
      order.push(`${next.timeUs}/${next.seq}`)
      queue.pop()
    }
    return order
  }

  it('earliest first, ties by when it was asked for, then by creation', () => {
    const queue = new EventQueue()
    for (const each of [event(2, 1), event(1, 2), event(1, 3), event(1, 4, -1), event(0, 5)]) queue.push(each)
    expect(drain(queue)).toEqual(['0/5', '1/4', '1/2', '1/3', '2/1'])
  })

  it('forgets what was cancelled, also when most of it was', () => {
    const queue = new EventQueue()
    const events = Array.from({ length: 2_000 }, (_, seq) => event((seq * 7_919) % 1_000, seq))
    for (const each of events) queue.push(each)
    const kept = events.filter(({ seq }) => seq % 10 === 0)
    for (const each of events) if (!kept.includes(each)) queue.cancel(each)
    const expected = kept.sort((a, b) => a.timeUs - b.timeUs || a.seq - b.seq)
    expect(drain(queue)).toEqual(expected.map(({ timeUs, seq }) => `${timeUs}/${seq}`))
  })
})

describe('the engine', () => {
  it('drains microtasks and ticks of an event before the next event, many events in a row', async () => {
    const order: string[] = []
    const { simulation } = room()
    for (let index = 0; index < 500; index += 1) {
      simulation.after(index % 3, () => {
        order.push(`${index} event`)
        process.nextTick(() => {
          order.push(`${index} tick`)
          void Promise.resolve().then(() => process.nextTick(() => order.push(`${index} tick of microtask`)))
        })
        void Promise.resolve()
          .then(() => Promise.resolve())
          .then(() => order.push(`${index} microtask`))
      })
    }
    await simulation.run({ until: () => false, deadlineUs: 10 })
    const expected = Array.from({ length: 500 }, (_, index) => index)
      .sort((a, b) => (a % 3) - (b % 3) || a - b)
      .flatMap((index) => [
        `${index} event`,
        `${index} tick`,
        `${index} microtask`,
        `${index} tick of microtask`,
      ])
    expect(order).toEqual(expected)
  })

  it('drains also after an error that nobody caught, in the middle of a batch', async () => {
    const log = await inProcess(({ say }) => {
      process.on('uncaughtException', (error) => say(`heard ${error.message}`))
      for (let index = 0; index < 3; index += 1) {
        setImmediate(() => {
          say(`event ${index}`)
          process.nextTick(() => {
            process.nextTick(() => say(`tick after error ${index}`))
            throw new Error(`boom ${index}`)
          })
        })
      }
    })
    expect(log).toEqual(
      [0, 1, 2].flatMap((index) => [
        `0 event ${index}`,
        `0 heard boom ${index}`,
        `0 tick after error ${index}`,
      ]),
    )
  })

  it('stops when told, asked after every event with its microtasks done, and goes on', async () => {
    const { simulation, log, say } = room()
    let done = false
    for (const at of [1, 2, 3]) {
      simulation.after(at * 1_000, () => {
        say('event')
        void Promise.resolve().then(() => {
          done = at === 2
        })
      })
    }
    expect(await simulation.run({ until: () => done, deadlineUs: 1e6 })).toBe('stopped')
    expect(log).toEqual(['1 event', '2 event'])
    done = false
    expect(await simulation.run({ until: () => false, deadlineUs: 1e6 })).toBe('idle')
    expect(log).toEqual(['1 event', '2 event', '3 event'])
    expect(simulation.events).toBe(3)
  })

  it('stops at the deadline, with the time at it, and goes on from there', async () => {
    const { simulation, log, say } = room()
    simulation.after(5_000_000, () => say('late'))
    expect(await simulation.run({ until: () => false, deadlineUs: 2_000_000 })).toBe('deadline')
    expect(simulation.nowUs).toBe(2_000_000)
    expect(await simulation.run({ until: () => false, deadlineUs: 9_000_000 })).toBe('idle')
    expect(log).toEqual(['5000 late'])
  })

  it('takes too many events at one instant for a hot loop; many events are none', async () => {
    const hot = room({ hotLoopEvents: 100 })
    hot.simulation.spawn('p', () => {
      const again = (): void => void setImmediate(again)
      again()
    })
    expect(await hot.simulation.run({ until: () => false, deadlineUs: 1e9 })).toBe('hot-loop')
    hot.simulation.dispose()
    const busy = room({ hotLoopEvents: 100 })
    busy.simulation.spawn('p', () => void setInterval(() => {}, 1))
    expect(await busy.simulation.run({ until: () => false, deadlineUs: 1e6 })).toBe('deadline')
    busy.simulation.dispose()
  })

  it('does not happen what was cancelled', async () => {
    const { simulation, log, say } = room()
    const cancelled = simulation.after(1_000, () => say('never'))
    simulation.after(1_000, () => say('always'))
    cancelled.cancel()
    cancelled.cancel()
    await simulation.run({ until: () => false, deadlineUs: 1e6 })
    expect(log).toEqual(['1 always'])
  })

  it('an error of the harness itself ends the run with that error', async () => {
    const { simulation } = room()
    simulation.after(1_000, () => {
      throw new Error('our own bug')
    })
    await expect(simulation.run({ until: () => false, deadlineUs: 1e6 })).rejects.toThrow('our own bug')
  })

  it('two simulations side by side do not mix', async () => {
    const logs = await Promise.all(
      ['a', 'b'].map((name) =>
        inProcess(async ({ say }) => {
          for (let index = 0; index < 100; index += 1) await new Promise((resolve) => setTimeout(resolve, 10))
          say(`${name} ${Date.now()}`)
        }),
      ),
    )
    expect(logs).toEqual([['1000 a 1735689601000'], ['1000 b 1735689601000']])
  })
})

describe('outside a simulated process', () => {
  it('everything stays real while a simulation runs', async () => {
    const startedAt = Date.now()
    const { simulation } = room()
    const run = simulation.run({ until: () => false, deadlineUs: 1e12 })
    await new Promise((resolve) => setTimeout(resolve, 20))
    await run
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(19)
    // Virtual time went on by 11 days meanwhile.
    expect(Date.now() - startedAt).toBeLessThan(86_400_000)
    expect(Math.random()).not.toBe(Math.random())
    expect(performance.now()).toBeLessThan(1e7)
  })

  it('a stray error of the harness is not taken for one of a process', () => {
    const script = `import { room, runFor } from ${JSON.stringify(`${import.meta.dirname}/testing/room.ts`)}
      let heard = false
      process.on('unhandledRejection', (error) => {
        heard = true
        console.log('harness heard', error.message)
      })
      const made = room()
      made.simulation.spawn('p', () => void setInterval(() => {}, 1))
      setTimeout(() => Promise.reject(new Error('ours')), 5)
      while (!heard) await runFor(made, 1)
      console.log(made.log.join())`
    const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
    expect(output).toBe('harness heard ours\n0 p started\n')
  })
})
