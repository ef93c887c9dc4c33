import { AsyncLocalStorage } from 'node:async_hooks'
import { execFileSync } from 'node:child_process'
import net from 'node:net'
import { describe, expect, it } from 'vitest'
import type { SimProcess, SimProcessHandle } from './simulation.interface.ts'
import { actedUpon, inProcess, listenAndEcho, type Room, room, runFor, talkative } from './testing/room.ts'

const ticking = ({ say }: Room, { incarnation }: SimProcess): void =>
  void setInterval(() => say(`tick of ${incarnation}`), 1_000)

describe('a crash', () => {
  it('ends everything at once, and the process is started again', async () => {
    const log = await actedUpon((handle) => handle.crash({ restartMs: 3_000 }), ticking, 7)
    expect(log).toEqual([
      '0 p started',
      '1000 tick of 1',
      '2000 tick of 1',
      '2500 p crashed: SIGKILL',
      '5500 p started',
      '6500 tick of 2',
    ])
  })

  it('in the middle of its code: what follows has no effect, promises stay open, nothing runs again', async () => {
    const made = room()
    listenAndEcho(made)
    const { say } = made
    const handle = made.simulation.spawn('p', async ({ incarnation }) => {
      if (incarnation > 1) return
      const socket = talkative(say)
      socket.on('connect', async () => {
        try {
          handle.crash({ restartMs: null })
          socket.write('from the dead', () => say('written by the dead'))
          socket.end(() => say('ended by the dead'))
          setTimeout(() => say('timer of the dead'), 1)
          setImmediate(() => say('immediate of the dead'))
          net.connect(9092, 'broker').on('connect', () => say('connected from the dead'))
          await new Promise((resolve) => setTimeout(resolve, 1))
          say('awaited by the dead')
        } finally {
          say('finally of the dead')
        }
      })
    })
    await runFor(made, 10)
    expect(made.log).toEqual([
      '0 p started',
      '2 connect',
      '2 p crashed: SIGKILL',
      '3 server end',
      '3 server closed',
    ])
  })

  it('what it had written still arrives, then its end; what waited for the connection does not', async () => {
    const made = room()
    listenAndEcho(made)
    const handle = made.simulation.spawn('p', () => {
      const socket = talkative(made.say, undefined, ['data', 'close'])
      setTimeout(() => {
        socket.write('last words')
        net.connect(9092, 'broker').write('never')
        made.simulation.after(0, () => handle.crash({ restartMs: null }))
      }, 10)
    })
    await runFor(made, 1)
    expect(made.log).toEqual([
      '0 p started',
      '10 p crashed: SIGKILL',
      '11 server got last words',
      '11 server end',
      '11 server closed',
      '11 server end',
      '11 server closed',
    ])
  })

  it('of one process leaves the others alone', async () => {
    const made = room()
    const first = made.simulation.spawn('first', (process) => ticking(made, process))
    made.simulation.spawn('second', () => void setInterval(() => made.say('second'), 1_000))
    made.simulation.after(1_500_000, () => first.crash({ restartMs: null }))
    await runFor(made, 3)
    expect(made.log.slice(2)).toEqual([
      '1000 tick of 1',
      '1000 second',
      '1500 first crashed: SIGKILL',
      '2000 second',
      '3000 second',
    ])
  })

  it('while it is down, crashing and pausing it do nothing; ensureRunning starts it', async () => {
    const log = await actedUpon(
      (handle, { simulation }) => {
        handle.crash({ restartMs: null })
        handle.crash({ restartMs: 1 })
        handle.pause(10)
        simulation.after(1_000_000, () => handle.ensureRunning())
      },
      ticking,
      5,
    )
    expect(log.slice(3)).toEqual(['2500 p crashed: SIGKILL', '3500 p started', '4500 tick of 2'])
  })
})

describe('a pause', () => {
  it('freezes it; an interval fires once when it goes on', async () => {
    const log = await actedUpon((handle) => handle.pause(4_000), ticking, 8)
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

  it('keeps the order of what it missed, before anything new; what was cancelled meanwhile does not happen', async () => {
    const log = await actedUpon(
      (handle) => handle.pause(1_000),
      ({ say }) => {
        const cancelled = setTimeout(() => say('cancelled'), 2_700)
        setTimeout(() => {
          say('first')
          clearTimeout(cancelled)
          setImmediate(() => say('new'))
          void Promise.resolve().then(() => say('microtask of first'))
        }, 2_600)
        setTimeout(() => say('third'), 2_800)
        setTimeout(() => say('due at that very time'), 3_500)
      },
      5,
    )
    expect(log.slice(1)).toEqual([
      '2500 p paused',
      '3500 p resumed',
      '3500 first',
      '3500 microtask of first',
      '3500 third',
      '3500 due at that very time',
      '3500 new',
    ])
  })

  it('bytes wait in its kernel; resume ends a pause early, and the next pause is not cut short by the first', async () => {
    const made = room()
    listenAndEcho(made)
    const handle = made.simulation.spawn('p', () => {
      const socket = talkative(made.say, undefined, ['data'])
      socket.write('a')
    })
    const { simulation } = made
    simulation.after(3_500, () => handle.pause(100))
    simulation.after(20_000, () => handle.resume())
    simulation.after(50_000, () => handle.pause(100))
    await runFor(made, 1)
    expect(made.log.slice(1)).toEqual([
      '3 server got a',
      '4 p paused',
      '20 p resumed',
      '20 data re:a',
      '50 p paused',
      '150 p resumed',
    ])
  })

  it('timers that are due go off first, as in a loop that was stopped while it waited; then come bytes', async () => {
    const made = room()
    listenAndEcho(made)
    const handle = made.simulation.spawn('p', () => {
      const socket = talkative(made.say, undefined, ['data', 'timeout'])
      socket.setTimeout(30)
      socket.write('a')
      setTimeout(() => made.say('timer'), 15)
    })
    const { simulation } = made
    simulation.after(3_500, () => handle.pause(100))
    await runFor(made, 0.11)
    expect(made.log.slice(1)).toEqual([
      '3 server got a',
      '4 p paused',
      '104 p resumed',
      '104 timer',
      '104 timeout',
      '104 data re:a',
    ])
  })

  it('a crash while it is paused takes all that it missed', async () => {
    const log = await actedUpon(
      (handle, { simulation }) => {
        handle.pause(4_000)
        simulation.after(1_000_000, () => handle.crash({ restartMs: 500 }))
      },
      ticking,
      6,
    )
    expect(log.slice(3)).toEqual([
      '2500 p paused',
      '3500 p crashed: SIGKILL',
      '4000 p started',
      '5000 tick of 2',
      '6000 tick of 2',
    ])
  })
})

describe('SIGTERM', () => {
  const terminate = (restartMs: number | null): ((handle: SimProcessHandle) => void) => {
    return (handle) => handle.terminate({ graceMs: 5_000, restartMs })
  }

  it('runs its listeners; the process ends by itself and is started again', async () => {
    const log = await actedUpon(
      (handle) => handle.terminate({ graceMs: 10_000, restartMs: 1_000 }),
      ({ say }, { incarnation }) => {
        process.once('SIGTERM', (signal: string, number: number) => {
          say(`closing ${signal} ${number}`)
          setTimeout(() => process.exit(0), 200)
        })
        setInterval(() => {}, 1_000)
        say(`incarnation ${incarnation}`)
      },
      5,
    )
    expect(log).toEqual([
      '0 p started',
      '0 incarnation 1',
      '2500 p terminating',
      '2500 closing SIGTERM 15',
      '2700 p exited 0 as asked',
      '3700 p started',
      '3700 incarnation 2',
    ])
  })

  it('without a start behind it: ensureRunning, while the process ends, starts it again', async () => {
    const log = await actedUpon(
      (handle, { simulation }) => {
        handle.terminate({ graceMs: 5_000, restartMs: null })
        simulation.after(1_000_000, () => handle.ensureRunning())
      },
      () => {
        process.once('SIGTERM', () => setTimeout(() => process.exit(0), 2_000))
        setInterval(() => {}, 1_000)
      },
      5,
    )
    expect(log.slice(1)).toEqual(['2500 p terminating', '4500 p exited 0 as asked', '4500 p started'])
  })

  it('ends a process at once that does not listen', async () => {
    const log = await actedUpon(terminate(null), ticking, 5)
    expect(log.slice(3)).toEqual(['2500 p terminating', '2500 p exited 143 as asked'])
  })

  it('ends a process at once that was given its signal and never used it', async () => {
    const log = await actedUpon(
      terminate(null),
      (_room, { signal }) => {
        setInterval(() => {}, 1_000)
        return { signal }
      },
      5,
    )
    expect(log.slice(1)).toEqual(['2500 p terminating', '2500 p exited 143 as asked'])
  })

  it.each<[string, number, (signal: AbortSignal, say: () => void) => void]>([
    ['listens to it', 2_500, (signal, say) => signal.addEventListener('abort', say)],
    ['asks it now and then', 2_600, (signal, say) => void setInterval(() => signal.aborted && say(), 100)],
    ['derives another', 2_500, (signal, say) => AbortSignal.any([signal]).addEventListener('abort', say)],
  ])('aborts the signal of a process that %s', async (_how, atMs, listen) => {
    const log = await actedUpon(
      terminate(null),
      ({ say }, { signal }) => {
        setInterval(() => {}, 1_000)
        listen(signal, () => {
          say('aborted')
          process.exit(3)
        })
      },
      5,
    )
    expect(log.slice(1)).toEqual(['2500 p terminating', `${atMs} aborted`, `${atMs} p exited 3 as asked`])
  })

  it('kills and reports one that does not end within its grace period', async () => {
    const log = await actedUpon(
      terminate(1_000),
      () => {
        process.on('SIGTERM', () => {})
        setInterval(() => {}, 1_000)
      },
      10,
    )
    expect(log.slice(1)).toEqual([
      '2500 p terminating',
      '7500 p shutdown-timeout',
      '7500 p crashed: SIGKILL after its grace period',
      '8500 p started',
    ])
  })

  it('lets a process end that has nothing left to do, a second later, as Node does', async () => {
    const log = await actedUpon(
      terminate(null),
      ({ say }) => {
        const timer = setInterval(() => {}, 1_000)
        process.on('beforeExit', (code) => say(`beforeExit ${code}`))
        process.on('exit', (code) => say(`exit ${code}`))
        process.on('SIGTERM', async () => {
          await new Promise((resolve) => setTimeout(resolve, 300))
          clearInterval(timer)
          setInterval(() => {}, 1_000).unref()
          process.exitCode = 4
        })
      },
      10,
    )
    expect(log.slice(1)).toEqual([
      '2500 p terminating',
      '3800 beforeExit 4',
      '3800 exit 4',
      '3800 p exited 4 as asked',
    ])
    expect(process.exitCode).toBeUndefined()
  })

  it('a socket keeps it running, an unref-ed one does not', async () => {
    for (const [unref, expected] of [
      [
        false,
        ['2500 p terminating', '7500 p shutdown-timeout', '7500 p crashed: SIGKILL after its grace period'],
      ],
      [true, ['2500 p terminating', '3500 p exited 0 as asked']],
    ] as const) {
      const log = await actedUpon(
        terminate(null),
        (made) => {
          listenAndEcho(made)
          const socket = net.connect(9092, 'broker')
          if (unref) socket.unref()
          process.on('SIGTERM', () => {})
        },
        20,
      )
      expect(log.filter((line) => line.includes('p ')).slice(1)).toEqual(expected)
    }
  })

  it('the harness can hold it: something is under way that the process waits for', async () => {
    const log = await actedUpon(
      terminate(null),
      ({ simulation }, sim) => {
        process.on('SIGTERM', () => {
          const held = sim.hold()
          simulation.after(2_000_000, () => held.cancel())
          simulation.afterIn(sim, 2_000_000, () => {})
        })
      },
      20,
    )
    expect(log.slice(1)).toEqual(['2500 p terminating', '5500 p exited 0 as asked'])
  })

  it('reaches a paused process when it goes on, if it lives so long', async () => {
    const main = (): void => void process.on('SIGTERM', () => process.exit(0))
    const both = (durationMs: number): Promise<string[]> =>
      actedUpon(
        (handle) => {
          handle.pause(durationMs)
          handle.terminate({ graceMs: 5_000, restartMs: null })
        },
        main,
        20,
      )
    expect((await both(1_000)).slice(1)).toEqual([
      '2500 p paused',
      '2500 p terminating',
      '3500 p resumed',
      '3500 p exited 0 as asked',
    ])
    expect((await both(9_000)).slice(3)).toEqual([
      '7500 p shutdown-timeout',
      '7500 p crashed: SIGKILL after its grace period',
    ])
  })
})

describe('the end of a process by itself', () => {
  const boom = (): never => {
    throw new Error('boom')
  }
  it.each<[string, () => unknown, string]>([
    ['process.exit', () => process.exit(7), 'p exited 7'],
    ['an uncaught exception', boom, 'p crashed: uncaught exception: Error: boom'],
    [
      'a rejection',
      () => void Promise.reject(new Error('boom')),
      'p crashed: unhandled rejection: Error: boom',
    ],
    ['an error in a tick', () => process.nextTick(boom), 'p crashed: uncaught exception: Error: boom'],
    ['an error in a microtask', () => queueMicrotask(boom), 'p crashed: uncaught exception: Error: boom'],
    ['process.abort', () => process.abort(), 'p crashed: process.abort()'],
    ['a signal to itself', () => process.kill(process.pid, 'SIGINT'), 'p exited 130'],
    ['SIGKILL to itself', () => process.kill(process.pid, 9), 'p crashed: SIGKILL by itself'],
  ])('%s: supervised, it is started again', async (_how, end, words) => {
    const log = await inProcess(
      ({ say }, { incarnation }) => {
        if (incarnation > 1) return say('again')
        setTimeout(() => {
          setTimeout(() => say('never'), 1)
          end()
        }, 10)
      },
      { seconds: 2 },
    )
    expect(log).toEqual([`10 ${words}`, '1010 again'])
  })

  it('main rejects', async () => {
    const log = await inProcess(() => Promise.reject(new TypeError('boom')), { seconds: 0.5 })
    expect(log).toEqual(['0 p crashed: unhandled rejection: TypeError: boom'])
  })

  it('process.exit runs exit listeners and nothing behind it, whoever catches what', async () => {
    const log = await inProcess(
      ({ say }) => {
        process.on('exit', (code) => say(`exit ${code}`))
        try {
          process.exit(2)
        } catch {
          say('caught')
          process.exit(5)
        }
        say('behind')
      },
      { seconds: 0.5 },
    )
    // A `catch` of the dead process still runs, outside: the harness hears it, the simulated world
    // does not.
    expect(log).toEqual(['0 exit 2', '0 p exited 2', '0 caught'])
  })

  it('an exit code that was set is the exit code, and none of the harness', async () => {
    const log = await inProcess(
      ({ say }) => {
        process.exitCode = 9
        setTimeout(() => {
          say(String(process.exitCode))
          process.exit()
        }, 5)
      },
      { seconds: 0.5 },
    )
    expect(log).toEqual(['5 9', '5 p exited 9'])
    expect(process.exitCode).toBeUndefined()
  })

  it('listeners for stray errors get them instead, in its own context', async () => {
    const storage = new AsyncLocalStorage<string>()
    const log = await inProcess(({ say }) => {
      process.on('uncaughtException', (error, origin) => say(`${error.message} by ${origin}`))
      storage.run('x', () => void Promise.reject(new Error('a')))
      setTimeout(() => {
        process.on('unhandledRejection', (error) => say(`rejection ${(error as Error).message}`))
        void Promise.reject(new Error('b'))
        throw new Error('c')
      }, 1)
    })
    expect(log).toEqual(['0 a by unhandledRejection', '1 c by uncaughtException', '1 rejection b'])
  })

  it('a listener that throws is the end', async () => {
    const log = await inProcess(
      () => {
        process.on('uncaughtException', () => {
          throw new Error('worse')
        })
        throw new Error('bad')
      },
      { seconds: 0.5 },
    )
    expect(log).toEqual(['0 p crashed: uncaught exception: Error: worse'])
  })

  it('under plain Node: neither an exception nor a rejection of a process ends the harness', () => {
    const script = `import { inProcess } from ${JSON.stringify(`${import.meta.dirname}/testing/room.ts`)}
      const log = await inProcess(({ say }, { incarnation }) => {
        if (incarnation === 1) Promise.reject(new Error('rejected'))
        if (incarnation === 2) process.nextTick(() => { throw new Error('thrown') })
        if (incarnation === 3) queueMicrotask(() => { throw new Error('thrown in a microtask') })
        if (incarnation === 4) process.exit(1)
      }, { seconds: 3.5 })
      console.log(log.join('\\n'))`
    const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
    expect(output.split('\n')).toEqual([
      '0 p crashed: unhandled rejection: Error: rejected',
      '1000 p crashed: uncaught exception: Error: thrown',
      '2000 p crashed: uncaught exception: Error: thrown in a microtask',
      '3000 p exited 1',
      '',
    ])
  })
})
