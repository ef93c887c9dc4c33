import { AsyncLocalStorage } from 'node:async_hooks'
import { execFile } from 'node:child_process'
import crypto from 'node:crypto'
import { readFile } from 'node:fs/promises'
import net from 'node:net'
import timersPromises from 'node:timers/promises'
import { promisify } from 'node:util'
import { Worker } from 'node:worker_threads'
import zlib from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { createChance } from '../core/seed.ts'
import type { Connection, SimProcess, SimProcessHandle, Simulation } from './simulation.interface.ts'
import { createSimulation } from './simulation.ts'

const EPOCH_MS = 1_735_689_600_000

interface Room {
  readonly simulation: Simulation
  readonly log: string[]
  say(text: string): void
}

function room(): Room {
  const log: string[] = []
  const say = (text: string): void => void log.push(`${(simulation.nowUs / 1000).toFixed(0)} ${text}`)
  const simulation: Simulation = createSimulation({
    chance: createChance('room'),
    epochMs: EPOCH_MS,
    latency: { lowUs: 1_000, highUs: 1_000 },
    restartMs: 1_000,
    onProcess: (event) =>
      say(`${event.process.name} ${event.kind}${'reason' in event ? `: ${event.reason}` : ''}`),
  })
  return { simulation, log, say }
}

async function runFor(simulation: Simulation, seconds: number): Promise<void> {
  await simulation.run({ until: () => false, deadlineUs: simulation.nowUs + seconds * 1_000_000 })
}

async function inProcess(
  main: (room: Room, process: SimProcess) => unknown,
  seconds = 60,
): Promise<string[]> {
  const made = room()
  made.simulation.spawn('p', (process) => main(made, process))
  await runFor(made.simulation, seconds)
  made.simulation.dispose()
  return made.log.filter((line) => !line.endsWith('p started'))
}

describe('virtual time', () => {
  it('timers fire in order, ties by creation, microtasks and ticks before the next', async () => {
    const log = await inProcess(({ say }) => {
      setTimeout(() => say('b'), 10)
      setTimeout(() => {
        say('a')
        process.nextTick(() => say('a tick'))
        Promise.resolve()
          .then(() => Promise.resolve())
          .then(() => say('a microtask'))
      }, 5)
      setTimeout(() => say('c'), 10)
      setImmediate(() => say('immediate'))
    })
    expect(log).toEqual(['0 immediate', '5 a', '5 a tick', '5 a microtask', '10 b', '10 c'])
  })

  it('delays that are none are 1 ms, as in Node', async () => {
    const log = await inProcess(({ say }) => {
      for (const delay of [-1e12, 0, Number.NaN, 2 ** 31, 1.9]) setTimeout(() => say(String(delay)), delay)
    })
    expect(log.map((line) => line.split(' ')[0])).toEqual(['1', '1', '1', '1', '1'])
  })

  it('clocks and chance are virtual inside and real outside', async () => {
    const seen: number[][] = []
    const draw = (): number[] => [
      Date.now(),
      performance.now(),
      Math.random(),
      crypto.randomInt(1_000),
      new Date(Date.now()).valueOf(),
    ]
    for (let run = 0; run < 2; run += 1) {
      await inProcess(() => {
        setTimeout(() => seen.push(draw()), 1_500)
      })
    }
    expect(seen[0]).toEqual(seen[1])
    expect(seen[0]?.[0]).toBe(EPOCH_MS + 1_500)
    expect(seen[0]?.[1]).toBe(1_500)
    expect(Math.abs(Date.now() - EPOCH_MS)).toBeGreaterThan(1_000_000)
    expect(new Date(0)).toBeInstanceOf(Date)
  })

  it('refresh, unref, clear by number, promisified and promise timers', async () => {
    const log = await inProcess(async ({ say }) => {
      const refreshed = setTimeout(() => say('refreshed'), 100).unref()
      setTimeout(() => refreshed.refresh(), 60)
      clearTimeout(+setTimeout(() => say('never'), 10))
      await promisify(setTimeout)(20)
      say('promisified')
      await timersPromises.setTimeout(5)
      say('promise')
      const cancelled = timersPromises.setTimeout(50, null, { signal: AbortSignal.timeout(10) })
      await cancelled.catch((error: Error) => say(error.name))
    })
    expect(log).toEqual(['20 promisified', '25 promise', '35 AbortError', '160 refreshed'])
  })

  it("a user's own AsyncLocalStorage is carried through timers", async () => {
    const storage = new AsyncLocalStorage<string>()
    const log = await inProcess(({ say }) => {
      storage.run('request 1', () => setTimeout(() => say(String(storage.getStore())), 5))
      storage.run('request 2', () => setTimeout(() => say(String(storage.getStore())), 5))
    })
    expect(log).toEqual(['5 request 1', '5 request 2'])
  })

  it('too many events at one instant are a hot loop', async () => {
    const { simulation } = room()
    simulation.spawn('p', () => {
      const again = (): void => void setImmediate(again)
      again()
    })
    expect(await simulation.run({ until: () => false, deadlineUs: 1e9 })).toBe('hot-loop')
    simulation.dispose()
  })
})

describe('processes', () => {
  async function with_(
    act: (handle: SimProcessHandle) => void,
    main: (room: Room, process: SimProcess) => unknown,
    seconds = 30,
  ): Promise<string[]> {
    const made = room()
    const handle = made.simulation.spawn('p', (process) => main(made, process))
    made.simulation.after(2_500_000, () => act(handle))
    await runFor(made.simulation, seconds)
    made.simulation.dispose()
    return made.log
  }
  const ticking = ({ say }: Room, { incarnation }: SimProcess): void =>
    void setInterval(() => say(`tick of ${incarnation}`), 1_000)

  it('a crash ends everything at once, and the process is started again', async () => {
    const log = await with_((handle) => handle.crash({ restartMs: 3_000 }), ticking, 7)
    expect(log).toEqual([
      '0 p started',
      '1000 tick of 1',
      '2000 tick of 1',
      '2500 p crashed: SIGKILL',
      '5500 p started',
      '6500 tick of 2',
    ])
  })

  it('a pause freezes it; an interval fires once when it goes on', async () => {
    const log = await with_((handle) => handle.pause(4_000), ticking, 8)
    expect(log).toEqual([
      '0 p started',
      '1000 tick of 1',
      '2000 tick of 1',
      '2500 p paused',
      '6500 p resumed',
      '6500 tick of 1',
      '7500 tick of 1',
    ])
  })

  it('SIGTERM runs its listeners; the process ends by itself and is started again', async () => {
    const log = await with_(
      (handle) => handle.terminate({ graceMs: 10_000, restartMs: 1_000 }),
      ({ say }, { incarnation }) => {
        process.once('SIGTERM', () => {
          say('closing')
          setTimeout(() => process.exit(0), 200)
        })
        say(`incarnation ${incarnation}`)
      },
      5,
    )
    expect(log).toEqual([
      '0 p started',
      '0 incarnation 1',
      '2500 p terminating',
      '2500 closing',
      '2700 p exited',
      '3700 p started',
      '3700 incarnation 2',
    ])
  })

  it('one that does not end within its grace period is killed and reported', async () => {
    const log = await with_(
      (handle) => handle.terminate({ graceMs: 5_000, restartMs: null }),
      () => {
        process.on('SIGTERM', () => {})
        setInterval(() => {}, 1_000)
      },
      20,
    )
    expect(log.slice(1)).toEqual([
      '2500 p terminating',
      '7500 p shutdown-timeout',
      '7500 p crashed: SIGKILL after its grace period',
    ])
  })

  it('process.exit, an uncaught exception and an unhandled rejection end it, and only it', async () => {
    for (const [end, text] of [
      [() => process.exit(7), 'p exited'],
      [
        () => {
          throw new Error('boom')
        },
        'p crashed: uncaught exception: Error: boom',
      ],
      [() => void Promise.reject(new Error('boom')), 'p crashed: unhandled rejection: Error: boom'],
      [
        () =>
          void process.nextTick(() => {
            throw new Error('boom')
          }),
        'p crashed: uncaught exception: Error: boom',
      ],
    ] as const) {
      const log = await inProcess(({ say }) => {
        setTimeout(() => {
          setTimeout(() => say('never'), 1)
          end()
        }, 10)
      }, 0.5)
      expect(log).toEqual([`10 ${text}`])
    }
  })

  it('a listener for unhandled rejections gets them instead', async () => {
    const log = await inProcess(({ say }) => {
      process.on('unhandledRejection', (error) => say(`heard ${String(error)}`))
      Promise.reject(new Error('boom'))
    }, 1)
    expect(log).toEqual(['0 heard Error: boom'])
  })
})

describe('what leaves the simulation', () => {
  it('is refused by name', async () => {
    const attempts: [string, () => unknown][] = [
      ['child_process.execFile', () => execFile('true')],
      ['worker_threads.Worker', () => new Worker('', { eval: true })],
      ['net.Server.listen', () => net.createServer().listen(0)],
      ['fetch', () => fetch('http://localhost')],
    ]
    for (const [name, attempt] of attempts) {
      const log = await inProcess(async ({ say }) => {
        try {
          await attempt()
        } catch (error) {
          say(String((error as Error).message))
        }
      }, 1)
      expect(log.join()).toContain(`${name} was called in p`)
    }
  })

  it('the thread pool is replaced by synchronous twins', async () => {
    const log = await inProcess(async ({ say }) => {
      const packed = await promisify(zlib.gzip)(Buffer.from('hello'))
      say(zlib.gunzipSync(packed).toString())
      say(String((await promisify(crypto.pbkdf2)('p', 's', 1, 4, 'sha256')).length))
      say(String((await readFile(import.meta.filename, 'utf8')).length > 100))
    }, 1)
    expect(log).toEqual(['0 hello', '0 4', '0 true'])
  })
})

describe('the network', () => {
  function echo({ simulation, say }: Room): Connection[] {
    const open: Connection[] = []
    simulation.network.listen('broker', 9092, (connection) => {
      open.push(connection)
      connection.onData = (bytes) => {
        say(`server got ${bytes}`)
        connection.write(Buffer.from(`re:${bytes}`))
      }
      connection.onEnd = () => connection.end()
      connection.onClose = () => say('server closed')
    })
    return open
  }
  const client = (say: (text: string) => void): net.Socket => {
    const socket = net.connect({ host: 'broker', port: 9092 }, () => {
      say('connected')
      socket.write('a')
    })
    socket.on('data', (bytes) => say(`got ${bytes}`))
    for (const name of ['end', 'close'] as const) socket.on(name, () => say(name))
    socket.on('error', (error: NodeJS.ErrnoException) => say(`error ${error.code}`))
    return socket
  }

  it('connects, carries bytes both ways, and closes', async () => {
    const made = room()
    echo(made)
    made.simulation.spawn('p', () => {
      const socket = client(made.say)
      setTimeout(() => socket.end(), 10)
    })
    await runFor(made.simulation, 1)
    expect(made.log.slice(1)).toEqual([
      '2 connected',
      '3 server got a',
      '4 got re:a',
      '11 server closed',
      '12 end',
      '12 close',
    ])
  })

  it('an unknown host is ENOTFOUND, nobody listening ECONNREFUSED', async () => {
    const made = room()
    echo(made)
    made.simulation.spawn('p', () => {
      net
        .connect({ host: 'nowhere', port: 1 })
        .on('error', (error: NodeJS.ErrnoException) => made.say(`${error.code}`))
      net
        .connect({ host: 'broker', port: 1 })
        .on('error', (error: NodeJS.ErrnoException) => made.say(`${error.code}`))
    })
    await runFor(made.simulation, 1)
    expect(made.log.slice(1).sort()).toEqual(['1 ENOTFOUND', '2 ECONNREFUSED'])
  })

  it('a cut link holds bytes back in their order until it heals; the other direction goes on', async () => {
    const made = room()
    echo(made)
    const cut = (): void => {
      const healing = made.simulation.network.cut('broker', 'p')
      made.simulation.after(100_000, () => healing.cancel())
    }
    made.simulation.spawn('p', () => {
      const socket = client(made.say)
      setTimeout(() => socket.write('b'), 10)
      setTimeout(() => socket.write('c'), 20)
    })
    made.simulation.after(2_500, cut)
    await runFor(made.simulation, 1)
    expect(made.log.slice(1)).toEqual([
      '2 connected',
      '3 server got a',
      '11 server got b',
      '21 server got c',
      '104 got re:a',
      '104 got re:b',
      '104 got re:c',
    ])
  })

  it('a reset is an error at the client and a close at the server', async () => {
    const made = room()
    echo(made)
    made.simulation.spawn('p', () => void client(made.say))
    made.simulation.after(10_000, () => made.simulation.network.reset('p', 'broker'))
    await runFor(made.simulation, 1)
    expect(made.log.slice(-3)).toEqual(['10 server closed', '11 error ECONNRESET', '11 close'])
  })

  it('a black hole swallows without a word; refused connections are refused until it heals', async () => {
    const made = room()
    const open = echo(made)
    made.simulation.spawn('p', () => {
      const socket = client(made.say)
      setTimeout(() => socket.write('b'), 10)
      setTimeout(() => void client(made.say), 20)
    })
    made.simulation.after(5_000, () => open[0]?.blackHole('to-client'))
    made.simulation.after(15_000, () => void made.simulation.network.refuse('p', 'broker'))
    await runFor(made.simulation, 1)
    expect(made.log.slice(4)).toEqual(['11 server got b', '22 error ECONNREFUSED', '22 close'])
  })

  it('chunks may be cut anywhere, and nothing is lost', async () => {
    const made = room()
    let received = ''
    made.simulation.network.chunk(3)
    made.simulation.network.listen('broker', 9092, (connection) => {
      connection.onData = (bytes) => {
        received += bytes.toString()
        expect(bytes.length).toBeLessThanOrEqual(3)
      }
    })
    made.simulation.spawn(
      'p',
      () => void net.connect({ host: 'broker', port: 9092 }).write('abcdefghijklmnop'),
    )
    await runFor(made.simulation, 1)
    expect(received).toBe('abcdefghijklmnop')
  })

  it('what a crashed process had written still arrives, then its end', async () => {
    const made = room()
    echo(made)
    const handle = made.simulation.spawn('p', () => {
      const socket = client(made.say)
      setTimeout(() => {
        socket.write('last words')
        made.simulation.after(0, () => handle.crash({ restartMs: null }))
      }, 10)
    })
    await runFor(made.simulation, 1)
    expect(made.log.slice(-3)).toEqual([
      '10 p crashed: SIGKILL',
      '11 server got last words',
      '11 server closed',
    ])
  })
})
