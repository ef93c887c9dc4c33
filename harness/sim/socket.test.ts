import { AsyncLocalStorage } from 'node:async_hooks'
import { once } from 'node:events'
import net from 'node:net'
import { Writable } from 'node:stream'
import tls from 'node:tls'
import { describe, expect, it } from 'vitest'
import type { Connection } from './simulation.interface.ts'
import { type Room, room, runFor, talkative } from './testing/room.ts'

/** Without a stream, as at the brokers, and with one, as everywhere else. */
const KINDS = [
  ['plain', true],
  ['a stream', false],
] as const

describe.each(KINDS)('a socket that is %s', (_, plain) => {
  /** The output of one process and its server, the server being set up by `serve`. */
  async function conversation(
    serve: (connection: Connection, room: Room) => void,
    main: (room: Room) => unknown,
  ): Promise<string[]> {
    const made = room()
    made.simulation.network.listen('broker', 9092, (connection) => serve(connection, made), { plain })
    made.simulation.spawn('p', () => main(made))
    await runFor(made, 10)
    made.simulation.dispose()
    return made.log.slice(1)
  }

  const silent = (): void => {}
  const write = (connection: Connection, text: string): void => connection.write(Buffer.from(text))

  describe('the events of a socket come in the order of Node', () => {
    it('the server ends', async () => {
      const log = await conversation(
        (connection) => {
          write(connection, 'bye')
          connection.end()
        },
        ({ say }) => talkative(say),
      )
      expect(log).toEqual(['2 connect', '2 ready', '2 data bye', '2 end', '2 finish', '2 close false'])
    })

    it('nothing is told before connect returns, nor before it is connected', async () => {
      const log = await conversation(silent, ({ say }) => {
        const socket = talkative(say, undefined, ['connect', 'end', 'close', 'error'])
        say(`${socket.connecting} ${socket.readyState} ${socket.pending}`)
        socket.once('connect', () => say(`${socket.connecting} ${socket.readyState} ${socket.pending}`))
      })
      expect(log).toEqual(['0 true opening true', '2 connect', '2 false open false'])
    })

    it('end before it is connected: what was written goes first; end twice is end once', async () => {
      const log = await conversation(
        (connection, { say }) => {
          connection.onData = (bytes) => say(`server got ${bytes}`)
          connection.onEnd = () => connection.end()
        },
        ({ say }) => {
          const socket = talkative(say)
          socket.write('early', () => say('early written'))
          socket.end(() => say('end called back'))
          socket.end()
        },
      )
      expect(log).toEqual([
        '2 connect',
        ...(plain ? ['2 ready', '2 early written'] : ['2 early written', '2 ready']),
        '2 end called back',
        '2 finish',
        '3 server got early',
        '4 end',
        '4 close false',
      ])
    })

    it('destroyed with an error, and before it is connected', async () => {
      const log = await conversation(silent, ({ say }) => {
        const socket = talkative(say)
        socket.on('connect', () => {
          socket.destroy(new Error('boom'))
          socket.destroy(new Error('again'))
          socket.write('z', (error) => say(`write: ${(error as NodeJS.ErrnoException).code}`))
          say(`${socket.destroyed} ${socket.readyState} ${socket.writable} ${socket.readable}`)
        })
        talkative((text) => say(`second ${text}`)).destroy()
      })
      expect(log).toEqual([
        '0 second close false',
        '2 connect',
        '2 true closed false false',
        '2 ready',
        '2 error',
        '2 close true',
        '2 write: ERR_STREAM_DESTROYED',
      ])
    })

    it('a write after end, and a write on a socket that never connected', async () => {
      const log = await conversation(silent, ({ say }) => {
        const socket = talkative(say, undefined, ['error', 'close'])
        socket.end()
        socket.write('late', (error) => say(`called back ${(error as NodeJS.ErrnoException).code}`))
        const fresh = new net.Socket()
        fresh.on('error', (error: NodeJS.ErrnoException) => say(`fresh ${error.code}`))
        fresh.write('x')
      })
      expect(log.sort()).toEqual([
        '0 called back ERR_STREAM_WRITE_AFTER_END',
        '0 close true',
        '0 error ERR_STREAM_WRITE_AFTER_END',
        '0 fresh ERR_SOCKET_CLOSED',
      ])
    })

    it('writes to a peer that is gone: ECONNRESET, or EPIPE after its FIN', async () => {
      const log = await conversation(
        (connection, { simulation }) => {
          simulation.after(50_000, () => connection.end())
          connection.onEnd = () => {}
        },
        ({ say }) => {
          const socket = talkative(say, undefined, ['error', 'close'])
          socket.once('end', () => {
            setImmediate(() =>
              socket.write('late', (error) => say((error as NodeJS.ErrnoException).code ?? '')),
            )
          })
        },
      )
      expect(log).toEqual(['52 close false', '52 EPIPE'])

      const reset = await conversation(
        (connection) => connection.reset(),
        ({ say }) => {
          const socket = talkative(say, undefined, ['error', 'close'])
          setTimeout(
            () => socket.write('late', (error) => say((error as NodeJS.ErrnoException).code ?? '')),
            50,
          )
        },
      )
      expect(reset).toEqual(['2 error ECONNRESET', '2 close true', '50 ERR_STREAM_DESTROYED'])
    })

    it('half open, where that is allowed: the client goes on writing after the server has ended', async () => {
      const log = await conversation(
        (connection, { say }) => {
          connection.end()
          connection.onData = (bytes) => say(`server got ${bytes}`)
          connection.onClose = () => say('server closed')
        },
        ({ say }) => {
          const socket = talkative(say, { host: 'broker', port: 9092, allowHalfOpen: true }, ['end', 'close'])
          socket.on('end', () => {
            say(socket.readyState)
            setTimeout(() => socket.end('more'), 10)
          })
        },
      )
      expect(log).toEqual([
        '2 end',
        '2 writeOnly',
        '12 close false',
        '13 server got more',
        '13 server closed',
      ])
    })

    it('errors of connecting look as those of Node', async () => {
      const errors: Record<string, unknown>[] = []
      await conversation(silent, ({ simulation }) => {
        simulation.network.listen('broker', 1, () => {}).cancel()
        net.connect(1, 'broker').on('error', (error) => errors.push({ ...error, message: error.message }))
      })
      expect(errors).toEqual([
        {
          message: 'connect ECONNREFUSED 10.0.0.1:1',
          errno: -111,
          code: 'ECONNREFUSED',
          syscall: 'connect',
          address: '10.0.0.1',
          port: 1,
        },
      ])
    })

    it.each<[string, string | number, string]>([
      ['nowhere', 9092, 'nowhere:9092'],
      ['localhost', 5432, 'localhost:5432'],
      ['127.0.0.1', 5432, '127.0.0.1:5432'],
      ['192.168.0.1', 80, '192.168.0.1:80'],
      ['broker', 2, 'broker:2'],
      ['', '/var/run/kafka.sock', '/var/run/kafka.sock'],
    ])('an address that nobody has leads outside: %s %s', async (host, port, shown) => {
      const running = conversation(silent, () => {
        const socket = typeof port === 'string' ? net.connect(port) : net.connect(port, host)
        socket.on('error', () => {})
      })
      await expect(running).rejects.toThrow(`p connects to ${shown}`)
      if (typeof port === 'number') await expect(running).rejects.toThrow('whose hosts are broker:9092')
    })

    it('data waits for its first listener, and so does the end', async () => {
      const log = await conversation(
        (connection) => {
          write(connection, 'a')
          write(connection, 'b')
          connection.end()
        },
        ({ say }) => {
          const socket = talkative(say, undefined, ['end', 'close'])
          setTimeout(() => socket.on('data', (bytes) => say(`data ${bytes}`)), 50)
        },
      )
      expect(log).toEqual(['50 data a', '50 data b', '50 end', '50 close false'])
    })

    it('an end without data needs no listener', async () => {
      const log = await conversation(
        (connection) => connection.end(),
        ({ say }) => talkative(say, undefined, ['end', 'close']),
      )
      expect(log).toEqual(['2 end', '2 close false'])
    })

    it('pause and resume', async () => {
      const log = await conversation(
        (connection, { simulation }) => {
          for (const atMs of [1, 2, 3]) simulation.after(atMs * 10_000, () => write(connection, `${atMs}`))
        },
        ({ say }) => {
          const socket = talkative(say, undefined, ['data'])
          setTimeout(() => say(`${socket.pause().isPaused()}`), 15)
          setTimeout(() => say(`${socket.readableLength} ${socket.resume().isPaused()}`), 45)
        },
      )
      expect(log).toEqual(['12 data 1', '15 true', '45 2 false', '45 data 2', '45 data 3'])
    })

    it('text that is cut within a letter', async () => {
      const log = await conversation(
        (connection) => {
          const bytes = Buffer.from('añb')
          connection.write(bytes.subarray(0, 2))
          connection.write(bytes.subarray(2))
        },
        ({ say }) => void talkative(say, undefined, ['data']).setEncoding('utf8'),
      )
      expect(log).toEqual(['2 data a', '2 data ñb'])
    })

    it('read, for code that listens to readable; events.once', async () => {
      const log = await conversation(
        (connection, { simulation }) => {
          write(connection, 'abc')
          simulation.after(20_000, () => write(connection, 'x'))
        },
        async ({ say }) => {
          const socket = net.connect(9092, 'broker')
          socket.once('readable', () => say(`${socket.read(2)} ${socket.read()} ${socket.read()}`))
          await once(socket, 'connect')
          say('connected')
          await once(socket, 'readable')
          await once(socket, 'readable')
          say(String(socket.read()))
        },
      )
      expect(log).toEqual(['2 connected', '2 ab c null', '22 x'])
    })

    it('pipe into a slow stream, which pushes back', async () => {
      const log = await conversation(
        (connection) => {
          for (const text of ['a', 'b', 'c']) write(connection, text)
          connection.end()
        },
        ({ say }) => {
          const slow = new Writable({
            highWaterMark: 1,
            write(chunk, _encoding, done) {
              say(`wrote ${chunk}`)
              setTimeout(done, 100)
            },
          })
          slow.on('finish', () => say('finished'))
          net.connect(9092, 'broker').pipe(slow)
        },
      )
      expect(log).toEqual(['2 wrote a', '102 wrote b', '202 wrote c', '302 finished'])
    })
  })

  describe('writing', () => {
    it('text, bytes, encodings and callbacks; nothing else', async () => {
      const log = await conversation(
        (connection, { say }) => {
          connection.onData = (bytes) => say(bytes.toString('latin1'))
        },
        ({ say }) => {
          const socket = net.connect(9092, 'broker')
          socket.on('connect', () => {
            socket.write('6869', 'hex', () => say('called back'))
            socket.write(new Uint8Array([104, 111]))
            expect(() => socket.write(7 as never)).toThrow(/chunk/)
          })
        },
      )
      expect(log).toEqual(['2 called back', '3 hi', '3 ho'])
    })

    it('too much before it is connected: write says so, and drain follows', async () => {
      const log = await conversation(silent, ({ say }) => {
        const socket = talkative(say, undefined, ['drain', 'connect'])
        say(`${socket.write(Buffer.alloc(65_535))} ${socket.writableNeedDrain}`)
        say(`${socket.write(Buffer.alloc(1))} ${socket.writableNeedDrain} ${socket.writableLength}`)
        socket.on('drain', () => say(`${socket.write(Buffer.alloc(100_000))} ${socket.bytesWritten}`))
      })
      expect(log).toEqual(['0 true false', '0 false true 65536', '2 connect', '2 drain', '2 true 165536'])
    })

    it('corked writes leave when they are uncorked', async () => {
      const log = await conversation(
        (connection, { say }) => {
          connection.onData = (bytes) => say(`server got ${bytes}`)
        },
        ({ say }) => {
          const socket = net.connect(9092, 'broker')
          socket.on('connect', () => {
            socket.cork()
            socket.cork()
            socket.write('a')
            setTimeout(() => socket.uncork(), 10)
            setTimeout(() => socket.uncork(), 20)
            setTimeout(() => socket.write('b'), 15)
            say('corked')
          })
        },
      )
      expect(log).toEqual([
        '2 corked',
        ...(plain ? ['23 server got a', '23 server got b'] : ['23 server got ab']),
      ])
    })
  })

  describe('the rest of a socket', () => {
    it('timeout: once after silence, and again after the next bytes', async () => {
      const log = await conversation(
        (connection, { simulation }) => {
          simulation.after(30_000, () => write(connection, 'a'))
          simulation.after(300_000, () => write(connection, 'b'))
        },
        ({ say }) => {
          const socket = talkative(say, undefined, ['timeout', 'data'])
          socket.setTimeout(100)
          setTimeout(() => socket.setTimeout(0), 350)
          say(String(socket.timeout))
        },
      )
      expect(log).toEqual(['0 100', '32 data a', '132 timeout', '302 data b'])
    })

    it('it is a net.Socket to instanceof, and its setters give it back', async () => {
      const log = await conversation(silent, ({ say }) => {
        const socket = net.connect(9092, 'broker')
        const same = socket.setKeepAlive(true, 10).setNoDelay().ref().unref() === socket
        const encrypted = tls.connect(9092, 'broker')
        say(
          [
            same,
            socket instanceof net.Socket,
            socket instanceof tls.TLSSocket,
            encrypted instanceof tls.TLSSocket,
            {} instanceof net.Socket,
          ].join(),
        )
      })
      expect(log).toEqual(['0 true,true,false,true,false'])
      expect(new net.Socket()).toBeInstanceOf(net.Socket)
    })

    it('TLS is taken for accepted', async () => {
      const log = await conversation(silent, ({ say }) => {
        const socket = tls.connect({ host: 'broker', port: 9092 }, () => say(`secure ${socket.authorized}`))
        const plain = net.connect(9092, 'broker', () => {
          tls.connect({ socket: plain }, () => say('upgraded'))
        })
      })
      expect(log).toEqual(['2 secure true', '2 upgraded'])
    })

    it("tells in the async context in which it was made, a user's own included", async () => {
      const storage = new AsyncLocalStorage<string>()
      const log = await conversation(
        (connection) => write(connection, 'x'),
        ({ say }) => {
          for (const name of ['a', 'b']) {
            storage.run(name, () => {
              const socket = net.connect(9092, 'broker')
              socket.on('data', () => {
                say(`data in ${storage.getStore()}`)
                socket.destroy()
              })
              socket.on('close', () => say(`close in ${storage.getStore()}`))
            })
          }
        },
      )
      expect(log).toEqual(['2 data in a', '2 close in a', '2 data in b', '2 close in b'])
    })

    it('a lookup of its own, found or not', async () => {
      const lookup = (
        name: string,
        _options: object,
        done: (error: Error | null, found: { address: string; family: number }[]) => void,
      ): void => {
        setTimeout(() => {
          if (name === 'alias') done(null, [{ address: 'broker', family: 4 }])
          else done(new Error('no such alias'), [])
        }, 10)
      }
      const log = await conversation(silent, ({ say }) => {
        net.connect({ host: 'alias', port: 9092, lookup: lookup as never }, () => say('connected'))
        net
          .connect({ host: 'other', port: 9092, lookup: lookup as never })
          .on('error', ({ message }) => say(message))
      })
      expect(log).toEqual(['10 no such alias', '12 connected'])
    })

    it('a bad port', async () => {
      const messages: string[] = []
      await conversation(silent, () => {
        for (const attempt of [() => net.connect({ port: 70_000 })]) {
          try {
            attempt()
          } catch (error) {
            messages.push((error as Error).message)
          }
        }
      })
      expect(messages).toEqual(['Port should be >= 0 and < 65536. Received 70000.'])
    })
  })
})
