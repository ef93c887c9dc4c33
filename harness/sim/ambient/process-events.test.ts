import { fork } from 'node:child_process'
import { once } from 'node:events'
import os from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { context } from '../process.ts'
import { inProcess, room, runFor } from '../testing/room.ts'

/** A runner that has a parent, and kept its ways to it before anything was simulated. */
const RUNNER = `
const [send, disconnect] = [process.send.bind(process), process.disconnect.bind(process)]
const { inProcess } = await import('${pathToFileURL(path.join(import.meta.dirname, '../testing/room.ts')).href}')
await inProcess(() => {
  send('sent by ' + process.pid + ', which has ' + process.send)
  disconnect()
})
process.exit(process.channel === null ? 0 : 1)
`

describe('process inside a simulated process', () => {
  it('has no parent, and leaves a runner of tests the channel to its own', async () => {
    const execArgv = ['--conditions=onceover-source', '--input-type=module', '--eval', RUNNER]
    const child = fork('', { execArgv, stdio: 'inherit' })
    const heard: unknown[] = []
    child.on('message', (message) => heard.push(message))
    expect(await once(child, 'close')).toEqual([0, null])
    expect(heard).toEqual(['sent by 100, which has undefined'])
  })

  it('has listeners of its own, with all methods of an emitter', async () => {
    const before = process.listenerCount('SIGTERM')
    const log = await inProcess(async ({ say }, sim) => {
      const listener = (): void => say('never')
      process.on('SIGTERM', listener).off('SIGTERM', listener)
      process.on('SIGUSR2', () => say('second'))
      process.prependListener('SIGUSR2', (signal) => say(`first ${signal}`))
      process.once('SIGUSR2', () => say('once'))
      say(
        `${process.listenerCount('SIGUSR2')} ${process.listeners('SIGUSR2').length} ${process.eventNames().join()}`,
      )
      process.kill(process.pid, 'SIGUSR2')
      await once(process, 'SIGUSR2')
      say('awaited')
      process.removeAllListeners()
      say(String(process.listenerCount('SIGUSR2')))
      process.on('message', (text) => say(String(text)))
      process.emit('message', `emitted to ${sim.name}`, undefined)
    })
    expect(log).toEqual([
      '0 3 3 SIGUSR2',
      '0 first SIGUSR2',
      '0 second',
      '0 once',
      '0 awaited',
      '0 0',
      '0 emitted to p',
    ])
    expect(process.listenerCount('SIGTERM')).toBe(before)
  })

  it('leaves to the real process what its parent sends while an event is worked on', async () => {
    const heard: unknown[] = []
    // The runner of this test sends messages, too: they are no strings.
    const listen = (message: unknown): void => {
      if (typeof message === 'string') heard.push(message)
    }
    process.on('message', listen)
    const before = process.listenerCount('message')
    const log = await inProcess(({ say }) => {
      process.on('message', () => say('never'))
      // As Node's own reader does: outside of any context, and only where somebody listens.
      context.exit(() => {
        heard.push(process.listenerCount('message'))
        process.emit('message', 'from the parent', undefined)
      })
    })
    process.off('message', listen)
    expect(heard).toEqual([before, 'from the parent'])
    expect(log).toEqual([])
  })

  it('has a pid and a host name that do not depend on this machine', async () => {
    const log = await inProcess(
      ({ say }) => {
        say(`${process.pid} ${process.ppid} ${os.hostname()}`)
        process.exit(0)
      },
      { seconds: 1.5 },
    )
    expect(log.filter((line) => !line.includes('exited'))).toEqual(['0 100 1 p', '1000 101 1 p'])
    expect(os.hostname()).not.toBe('p')
    expect(process.pid).not.toBe(100)
  })

  it('signals nobody but itself', async () => {
    const log: string[] = []
    const running = inProcess(() => {
      log.push(String(process.kill(process.pid, 0)))
      process.kill(1, 'SIGTERM')
    })
    await expect(running).rejects.toThrow('p calls process.kill(1)')
    expect(log).toEqual(['true'])
  })

  it('warnings are its own', async () => {
    const log = await inProcess(
      ({ say }) => {
        process.emitWarning('careful')
        setTimeout(() => {
          process.on('warning', ({ message }) => say(`heard ${message}`))
          process.emitWarning('again')
        }, 5)
      },
      { onConsole: (_process, stream, text) => lines.push(`${stream} ${text}`) },
    )
    expect(lines).toEqual(['stderr (node:100) Warning: careful\n'])
    expect(log).toEqual(['5 heard again'])
  })
  const lines: string[] = []
})

describe('process.env inside a simulated process', () => {
  it('is the real one with what the process was given on top; what it changes dies with it', async () => {
    process.env['ONCEOVER_TEST_OUTSIDE'] = 'outside'
    const made = room()
    const { env } = process
    const look = (): string =>
      [env['GIVEN'], env['ONCEOVER_TEST_OUTSIDE'], env['WRITTEN'], 'GIVEN' in env].join()
    made.simulation.spawn(
      'p',
      ({ incarnation }) => {
        made.say(look())
        env['WRITTEN'] = 7 as never
        delete env['ONCEOVER_TEST_OUTSIDE']
        delete env['NOT_THERE']
        made.say(
          `${look()} ${Object.keys(env).includes('ONCEOVER_TEST_OUTSIDE')} ${Object.keys(env).includes('GIVEN')}`,
        )
        made.say(`${{ ...env }['WRITTEN']} ${JSON.stringify(Object.getOwnPropertyDescriptor(env, 'GIVEN'))}`)
        if (incarnation === 1) process.exit(1)
      },
      { env: { GIVEN: 'given' } },
    )
    made.simulation.spawn('q', () => made.say(`q ${look()}`))
    await runFor(made, 1.5)
    const lines = [
      'given,outside,,true',
      'given,,7,true false true',
      '7 {"value":"given","writable":true,"enumerable":true,"configurable":true}',
    ]
    expect(made.log.filter((line) => !/started|exited/.test(line))).toEqual([
      ...lines.map((line) => `0 ${line}`),
      '0 q ,outside,,false',
      ...lines.map((line) => `1000 ${line}`),
    ])
    expect(look()).toBe(',outside,,false')
    delete process.env['ONCEOVER_TEST_OUTSIDE']
    expect(process.env['ONCEOVER_TEST_OUTSIDE']).toBeUndefined()
    made.simulation.dispose()
  })
})
