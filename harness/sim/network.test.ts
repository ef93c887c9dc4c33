import net from 'node:net'
import { describe, expect, it } from 'vitest'
import { createChance } from '../core/seed.ts'
import type { Connection, NetworkTap } from './simulation.interface.ts'
import { listenAndEcho, room, runFor, talkative } from './testing/room.ts'

const QUIET = ['data', 'end', 'error', 'close']

describe('a connection', () => {
  it('carries bytes both ways, and closes after both have ended', async () => {
    const made = room()
    listenAndEcho(made)
    made.simulation.spawn('p', () => {
      const socket = talkative(made.say)
      socket.write('a')
      setTimeout(() => socket.end('b'), 10)
    })
    await runFor(made, 1)
    expect(made.log.slice(1)).toEqual([
      '2 connect',
      '2 ready',
      '3 server got a',
      '4 data re:a',
      '10 finish',
      '11 server got b',
      '11 server end',
      '11 server closed',
      '12 data re:b',
      '12 end',
      '12 close false',
    ])
  })

  it('ends half: the server goes on sending after the client has ended', async () => {
    const made = room()
    const { simulation, say } = made
    simulation.network.listen('broker', 9092, (connection) => {
      connection.onEnd = () => {
        say('server end')
        simulation.after(5_000, () => connection.write(Buffer.from('more')))
        simulation.after(9_000, () => connection.end())
      }
      connection.onClose = () => say('server closed')
    })
    simulation.spawn('p', () => void talkative(say, undefined, QUIET).end())
    await runFor(made, 1)
    expect(made.log.slice(1)).toEqual([
      '3 server end',
      '9 data more',
      '12 server closed',
      '13 end',
      '13 close false',
    ])
  })

  it('keeps the order of each direction whatever the latency of each message', async () => {
    const made = room({ latency: { lowUs: 1, highUs: 50_000 } })
    let heard = ''
    made.simulation.network.listen('broker', 9092, (connection) => {
      connection.onData = (bytes) => {
        heard += bytes.toString()
      }
    })
    made.simulation.spawn('p', () => {
      const socket = net.connect(9092, 'broker')
      for (let index = 0; index < 200; index += 1) setTimeout(() => socket.write(`${index},`), index)
    })
    await runFor(made, 1)
    expect(heard).toBe(Array.from({ length: 200 }, (_, index) => `${index},`).join(''))
  })

  it('draws latency from a stream of its direction: another connection changes nothing', async () => {
    const timesOf = async (others: readonly string[]): Promise<string[]> => {
      const made = room({ latency: { lowUs: 100, highUs: 90_000 } })
      listenAndEcho(made)
      for (const name of ['p', ...others])
        made.simulation.spawn(name, () => void talkative((text) => made.say(`${name} ${text}`)).write('x'))
      await runFor(made, 2)
      return made.log.filter((line) => / p (data|connect)/.test(line))
    }
    expect(await timesOf(['q', 'r'])).toEqual(await timesOf([]))
  })

  it('tells a tap what the client wrote, got and closed; what the tap asks for leaves later', async () => {
    const heard: string[] = []
    const { simulation } = room()
    const nowMs = (): number => Math.round(made.simulation.nowUs / 1000)
    const tap: NetworkTap = {
      clientWrote: (_connection, bytes) => {
        heard.push(`${nowMs()} wrote ${bytes}`)
        return bytes.toString() === 'slow' ? 50_000 : 0
      },
      clientGot: (_connection, bytes) => heard.push(`${nowMs()} got ${bytes}`),
      clientClosed: ({ client }) => heard.push(`${nowMs()} closed ${client}`),
    }
    simulation.dispose()
    const made = room({ tap })
    listenAndEcho(made)
    made.simulation.spawn('p', () => {
      const socket = talkative(made.say, undefined, [])
      socket.on('connect', () => {
        socket.write('slow')
        socket.write('fast')
      })
      setTimeout(() => socket.destroy(), 100)
    })
    await runFor(made, 1)
    expect(heard).toEqual([
      '2 wrote slow',
      '2 wrote fast',
      '54 got re:slow',
      '54 got re:fast',
      '100 closed p',
    ])
  })

  it('a server that writes later delays what it writes after that', async () => {
    const made = room()
    made.simulation.network.listen('broker', 9092, (connection) => {
      connection.write(Buffer.from('late'), 100_000)
      connection.write(Buffer.from('after'))
    })
    made.simulation.spawn('p', () => void talkative(made.say, undefined, QUIET))
    await runFor(made, 1)
    expect(made.log.slice(1)).toEqual(['102 data late', '102 data after'])
  })

  it('hosts have addresses, and can be reached by them', async () => {
    const made = room()
    listenAndEcho(made)
    made.simulation.spawn('p', () => {
      const byName = net.connect(9092, 'broker')
      byName.on('connect', () => {
        const { remoteAddress, remotePort, remoteFamily, localAddress } = byName
        made.say([remoteAddress, remotePort, remoteFamily, localAddress].join())
        net.connect(9092, remoteAddress ?? '').on('connect', () => made.say('by address'))
      })
    })
    await runFor(made, 1)
    expect(made.log.slice(1)).toEqual(['2 10.0.0.1,9092,IPv4,10.0.0.2', '4 by address'])
  })
})

describe('faults of a link', () => {
  it('cut: bytes are held back in their order until it heals; the other direction goes on', async () => {
    const made = room()
    listenAndEcho(made)
    made.simulation.spawn('p', () => {
      const socket = talkative(made.say, undefined, QUIET)
      for (const [atMs, text] of [
        [3, 'a'],
        [10, 'b'],
        [20, 'c'],
      ] as const)
        setTimeout(() => socket.write(text), atMs)
    })
    made.simulation.after(4_500, () => {
      const healing = made.simulation.network.cut('broker', 'p')
      made.simulation.after(100_000, () => healing.cancel())
    })
    await runFor(made, 1)
    expect(made.log.slice(1)).toEqual([
      '4 server got a',
      '11 server got b',
      '21 server got c',
      '106 data re:a',
      '106 data re:b',
      '106 data re:c',
    ])
  })

  it('cut twice: it heals when both have healed; healing one twice counts once', async () => {
    const made = room()
    listenAndEcho(made)
    const { network } = made.simulation
    const cuts = [network.cut('p', 'broker'), network.cut('p', 'broker')]
    made.simulation.spawn('p', () => void talkative(made.say, undefined, ['connect']))
    for (const [atMs, which] of [
      [10, 0],
      [20, 0],
      [50, 1],
    ] as const)
      made.simulation.after(atMs * 1_000, () => cuts[which]?.cancel())
    await runFor(made, 1)
    expect(made.log.slice(1)).toEqual(['52 connect'])
  })

  it('cut for ever: connecting fails with ETIMEDOUT after two minutes, a connection after a quarter of an hour', async () => {
    const made = room()
    listenAndEcho(made)
    made.simulation.spawn('p', () => {
      const socket = talkative(made.say, undefined, ['error', 'close'])
      setTimeout(() => {
        socket.write('x')
        talkative((text) => made.say(`second: ${text}`), undefined, ['error', 'close'])
      }, 10)
    })
    made.simulation.after(5_000, () => void made.simulation.network.cut('p', 'broker'))
    await runFor(made, 2_000)
    expect(made.log.slice(1)).toEqual([
      '127011 second: error ETIMEDOUT',
      '127011 second: close true',
      '924611 error ETIMEDOUT',
      '924611 close true',
    ])
  })

  it('slow: each adds up, and heals by itself', async () => {
    const made = room()
    listenAndEcho(made)
    const { network } = made.simulation
    const slow = [network.slow('p', 'broker', 10_000), network.slow('p', 'broker', 20_000)]
    made.simulation.spawn('p', () => {
      const socket = talkative(made.say, undefined, ['connect'])
      setTimeout(() => socket.write('a'), 100)
      setTimeout(() => socket.write('b'), 200)
    })
    made.simulation.after(90_000, () => slow[1]?.cancel())
    made.simulation.after(190_000, () => slow[0]?.cancel())
    await runFor(made, 1)
    expect(made.log.slice(1)).toEqual(['32 connect', '111 server got a', '201 server got b'])
  })

  it('refused: new connections, until it heals; those that stand are left alone', async () => {
    const made = room()
    listenAndEcho(made)
    made.simulation.spawn('p', () => {
      const socket = talkative(made.say, undefined, QUIET)
      setTimeout(() => socket.write('still'), 10)
      setTimeout(() => talkative(made.say, undefined, QUIET), 20)
      setTimeout(() => talkative(made.say, undefined, ['connect']), 60)
    })
    made.simulation.after(5_000, () => {
      const healing = made.simulation.network.refuse('p', 'broker')
      made.simulation.after(50_000, () => healing.cancel())
    })
    await runFor(made, 1)
    expect(made.log.slice(1)).toEqual([
      '11 server got still',
      '12 data re:still',
      '22 error ECONNREFUSED',
      '22 close true',
      '62 connect',
    ])
  })

  it('reset: an error at the client, a close at the server, only between these two', async () => {
    const made = room()
    listenAndEcho(made)
    for (const name of ['p', 'q'])
      made.simulation.spawn(name, () =>
        talkative((text) => made.say(`${name} ${text}`), undefined, ['error', 'close']),
      )
    made.simulation.after(10_000, () => made.simulation.network.reset('broker', 'p'))
    await runFor(made, 1)
    expect(made.log.slice(2)).toEqual(['10 server closed', '11 p error ECONNRESET', '11 p close true'])
    expect(made.simulation.network.connections.map(({ client }) => client)).toEqual(['q'])
  })

  it('reset of a host: every connection that it has', async () => {
    const made = room()
    listenAndEcho(made)
    for (const name of ['p', 'q'])
      made.simulation.spawn(name, () =>
        talkative((text) => made.say(`${name} ${text}`), undefined, ['error']),
      )
    made.simulation.after(10_000, () => made.simulation.network.resetHost('broker'))
    await runFor(made, 1)
    expect(made.log.filter((line) => line.includes('ECONNRESET'))).toHaveLength(2)
    expect(made.simulation.network.connections).toEqual([])
  })

  it('a black hole swallows one direction without a word', async () => {
    const made = room()
    const open = listenAndEcho(made)
    made.simulation.spawn('p', () => {
      const socket = talkative(made.say, undefined, QUIET)
      setTimeout(() => socket.write('a'), 10)
      setTimeout(() => socket.write('b'), 20)
    })
    made.simulation.after(5_000, () => open[0]?.blackHole('to-client'))
    made.simulation.after(15_000, () => open[0]?.blackHole('to-server'))
    await runFor(made, 5_000)
    expect(made.log.slice(1)).toEqual(['11 server got a'])
  })

  it('chunks: cut anywhere, nothing lost, none longer than allowed, the same for the same seed', async () => {
    const chunksOf = async (seed: string): Promise<string[]> => {
      const made = room({ chance: createChance(seed) })
      const chunks: string[] = []
      made.simulation.network.chunk(3)
      made.simulation.network.listen('broker', 9092, (connection) => {
        connection.onData = (bytes) => chunks.push(bytes.toString())
      })
      made.simulation.spawn('p', () => void net.connect(9092, 'broker').write('abcdefghijklmnopqrstuvwxyz'))
      await runFor(made, 1)
      return chunks
    }
    const chunks = await chunksOf('one')
    expect(chunks.join('')).toBe('abcdefghijklmnopqrstuvwxyz')
    expect(Math.max(...chunks.map(({ length }) => length))).toBeLessThanOrEqual(3)
    expect(await chunksOf('one')).toEqual(chunks)
    expect(await chunksOf('two')).not.toEqual(chunks)
  })

  it('a listener that is dropped refuses from then on; established connections stay', async () => {
    const made = room()
    const open: Connection[] = []
    const listening = made.simulation.network.listen(
      'broker',
      9092,
      (connection) => void open.push(connection),
    )
    made.simulation.spawn('p', () => {
      talkative(made.say, undefined, ['connect', 'error', 'data'])
      setTimeout(() => talkative(made.say, undefined, ['connect', 'error']), 20)
    })
    made.simulation.after(10_000, () => {
      listening.cancel()
      open[0]?.write(Buffer.from('still here'))
    })
    await runFor(made, 1)
    expect(made.log.slice(1)).toEqual(['2 connect', '11 data still here', '22 error ECONNREFUSED'])
  })
})
