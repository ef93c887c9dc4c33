import http from 'node:http'
import net from 'node:net'
import { describe, expect, it } from 'vitest'
import { watchLeaks } from '../leaks.ts'
import { inProcess, type Room, room, runFor } from '../testing/room.ts'

/** The output of the server and its visitor; each is a process of its own. */
async function visited(
  serve: (room: Room) => unknown,
  visit: (room: Room) => unknown,
  seconds = 5,
): Promise<string[]> {
  const made = room()
  made.simulation.spawn('server', () => serve(made))
  made.simulation.spawn('visitor', () => setTimeout(() => visit(made), 100))
  const leaks = watchLeaks()
  await runFor(made, seconds)
  leaks.stop()
  made.simulation.dispose()
  expect(leaks.names()).toEqual([])
  return made.log.filter((line) => !line.endsWith(' started'))
}

const ask =
  (port: number, text: string) =>
  ({ say }: Room): void => {
    const socket = net.connect(port, 'server')
    socket.setEncoding('utf8')
    socket.on('connect', () => socket.write(text))
    socket.on('data', (data) => say(`visitor got ${String(data).replaceAll('\r\n', '|')}`))
    socket.on('error', ({ message }) => say(message))
    socket.on('close', () => say('visitor closed'))
  }

describe('a server inside a simulated process', () => {
  it('answers a health check of another process, in virtual time', async () => {
    const log = await visited(
      ({ say }) => {
        const server = http.createServer((request, response) => {
          say(`${request.method} ${request.url}`)
          setTimeout(() => response.end('fine'), 50)
        })
        server.listen(8080, () => say(`listens ${JSON.stringify(server.address())} ${server.listening}`))
      },
      ask(8080, 'GET /healthz HTTP/1.1\r\nHost: server\r\nConnection: close\r\n\r\n'),
    )
    expect(log).toEqual([
      '0 listens {"address":"0.0.0.0","family":"IPv4","port":8080} true',
      '103 GET /healthz',
      '154 visitor got HTTP/1.1 200 OK|Date: Wed, 01 Jan 2025 00:00:00 GMT|Connection: close|Content-Length: 4||fine',
      expect.stringMatching(/^15\d visitor closed$/),
    ])
  })

  it('is a stream to its server: pipe, half-close, and close once nobody is connected', async () => {
    const log = await visited(
      ({ say }) => {
        const server = net.createServer({ allowHalfOpen: true }, (socket) => {
          say(`from ${socket.remoteAddress}`)
          socket.pipe(socket)
          socket.on('end', () => server.close(() => say('server closed')))
        })
        server.listen(7000)
      },
      ({ say }) => {
        const socket = net.connect(7000, 'server', () => socket.end('hello'))
        socket.on('data', (data) => say(`visitor got ${data}`))
        socket.on('end', () => say('visitor end'))
      },
    )
    expect(log).toEqual([
      '101 from 10.0.0.2',
      '103 server closed',
      '104 visitor got hello',
      '104 visitor end',
    ])
  })

  it('a port that is taken, a port of its own choice, nobody at a port', async () => {
    const log = await inProcess(({ say }) => {
      const first = net.createServer().listen(80)
      net
        .createServer()
        .listen({ port: 80 })
        .on('error', ({ message }) => say(message))
      const other = net.createServer().listen(0, () => say(String((other.address() as net.AddressInfo).port)))
      first.close(() => net.connect(80, 'localhost').on('error', ({ message }) => say(message)))
    })
    expect(log).toEqual([
      '0 listen EADDRINUSE: address already in use 0.0.0.0:80',
      '0 32768',
      '2 connect ECONNREFUSED 10.0.0.1:80',
    ])
  })

  it('keeps its process running, and is gone with it', async () => {
    const made = room()
    const handle = made.simulation.spawn('server', ({ incarnation }) => {
      net.createServer().listen(80, () => made.say(`listens ${incarnation}`))
      process.on('SIGTERM', () => {})
    })
    made.simulation.after(1_000_000, () => handle.terminate({ graceMs: 5_000, restartMs: 1_000 }))
    await runFor(made, 8)
    made.simulation.dispose()
    expect(made.log.filter((line) => /listens|crashed|exited/.test(line))).toEqual([
      '0 listens 1',
      '6000 server crashed: SIGKILL after its grace period',
      '7000 listens 2',
    ])
  })

  it.each<[string, () => unknown]>([
    ['a path', () => net.createServer().listen('/tmp/x.sock')],
    ['a descriptor', () => net.createServer().listen({ fd: 3 })],
  ])('on %s it is outside', async (_what, listen) => {
    await expect(inProcess(listen)).rejects.toThrow('p calls net.Server.listen on ')
  })
})
