import net from 'node:net'
import { describe, expect, it } from 'vitest'
import { EXIT } from './exit.ts'
import { runMain } from './testing/run-main.ts'

const READY =
  /^3 brokers are ready, bootstrap\.servers=((?:127\.0\.0\.1:\d+,){2}127\.0\.0\.1:\d+) \(seed 7; Ctrl-C stops\)\n$/

describe('onceover serve', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('says where it listens, and %s ends it', async (name) => {
    const args = [
      'serve',
      '--brokers',
      '3',
      '--port',
      '0',
      '--topic',
      'orders:2',
      '--topic',
      'audit',
      '--seed',
      '7',
    ]
    let line = ''
    const ended = await runMain([...args, '--setting', 'auto.create.topics.enable=false'], {
      async onStdout(soFar, signal) {
        line = soFar
        const [, bootstrap = ''] = READY.exec(soFar) ?? []
        const ports = bootstrap.split(',').map((address) => Number(address.split(':')[1]))
        // Connections that are open do not keep it.
        await Promise.all(ports.map(connected))
        signal(name)
      },
    })
    expect(line).toMatch(READY)
    expect(ended).toMatchObject({ code: EXIT.held, stderr: '' })
  })

  it('a port that is in use: one sentence, exit code 3', async () => {
    const server = net.createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as net.AddressInfo
    const { code, stdout, stderr } = await runMain(['serve', '--port', String(port)])
    server.close()
    expect(stderr).toBe(
      `onceover: port ${port} of 127.0.0.1 is in use; choose other ports (one a broker, from the first on), or port 0 for free ones\n`,
    )
    expect([code, stdout]).toEqual([EXIT.wrongUse, ''])
  })
})

function connected(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1', () => resolve())
    socket.once('error', reject)
    socket.on('error', () => {})
  })
}
