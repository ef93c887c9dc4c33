import net from 'node:net'
import { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { describe, expect, it } from 'vitest'
import type { Connection } from './simulation.interface.ts'
import { type Room, room, runFor } from './testing/room.ts'

async function heard(
  serve: (connection: Connection, room: Room) => void,
  main: (room: Room) => unknown,
): Promise<string[]> {
  const made = room()
  made.simulation.network.listen('host', 7000, (connection) => serve(connection, made))
  made.simulation.spawn('p', () => main(made))
  await runFor(made, 10)
  made.simulation.dispose()
  return made.log.slice(1)
}

describe('a simulated socket is a stream', () => {
  it('pipelines end at it and begin at it, and iteration ends with the far end', async () => {
    const log = await heard(
      (connection) => {
        let heard = ''
        connection.onData = (bytes) => {
          heard += bytes
        }
        // The client goes on reading after its own end.
        connection.onEnd = () => {
          connection.write(Buffer.from(`all of ${heard}`))
          connection.end()
        }
      },
      async ({ say }) => {
        const socket = net.connect({ port: 7000, host: 'host', allowHalfOpen: true })
        socket.on('data', (bytes) => say(String(bytes)))
        await pipeline(Readable.from(['a', 'b']), socket)
        say('over')
      },
    )
    expect(log).toEqual(['2 over', '4 all of ab'])
    const iterated = await heard(
      (connection) => {
        connection.write(Buffer.from('one'))
        connection.write(Buffer.from('two'))
        connection.end()
      },
      async ({ say }) => {
        for await (const chunk of net.connect(7000, 'host')) say(String(chunk))
        say('over')
      },
    )
    expect(iterated).toEqual(['2 one', '2 two', '2 over'])
  })

  it('a slow reader is waited for, and loses nothing', async () => {
    const log = await heard(
      (connection) => {
        for (const text of ['a', 'b', 'c']) connection.write(Buffer.alloc(40_000, text))
        connection.end()
      },
      ({ say }) => {
        const slow = new Writable({
          highWaterMark: 1,
          write: (chunk: Buffer, _encoding, done) => {
            say(`${chunk.length} ${chunk.toString('utf8', 0, 1)}`)
            setTimeout(done, 100)
          },
        })
        net
          .connect(7000, 'host')
          .pipe(slow)
          .on('finish', () => say('finished'))
      },
    )
    expect(log.map((line) => line.replace(/^\d+ /, ''))).toEqual([
      '40000 a',
      '40000 b',
      '40000 c',
      'finished',
    ])
    expect(log.at(-1)).toMatch(/^30\d /)
  })

  it('its process is gone: nothing of it goes on', async () => {
    const made = room()
    made.simulation.network.listen('host', 7000, (connection) => {
      connection.onData = (bytes) => made.say(`server got ${bytes}`)
      connection.onEnd = () => made.say('server end')
    })
    const handle = made.simulation.spawn('p', () => {
      const socket = net.connect(7000, 'host', () => {
        socket.write('before', () => made.say('told'))
        handle.crash({ restartMs: null })
        socket.write('after', () => made.say('told'))
        socket.on('close', () => made.say('closed'))
      })
    })
    await runFor(made, 5)
    made.simulation.dispose()
    expect(made.log.slice(1)).toEqual(['2 p crashed: SIGKILL', '3 server got before', '3 server end'])
  })
})
