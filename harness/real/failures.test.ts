import { readdirSync, readFileSync } from 'node:fs'
import net from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { confirmationWords } from '../core/confirmation.ts'
import { freePort } from '../fidelity/differential/ports.ts'
import { Busy } from './busy.ts'
import { RealCluster } from './cluster/cluster.ts'
import { BrokerGone } from './cluster/connection.ts'
import { RealClusterError } from './cluster/errors.ts'
import { portTaken, whyEnded } from './providers/why-ended.ts'
import { COMMITS, clicks, REFUSED, replayed } from './replayed.ts'
import { type ServedParts, servedKafka, toxiproxyHere } from './testing/served-kafka.ts'
import { Links } from './toxiproxy/links.ts'

const toxiproxy = await toxiproxyHere()
const skip = 'none' in toxiproxy
const binary = 'none' in toxiproxy ? '' : toxiproxy.binary
if ('none' in toxiproxy) console.warn(`skipped: replays that are broken (${toxiproxy.none})`)

const TRY_MS = 120_000

/** Processes of apps that this process has started. */
function childrenHere(): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return pids.map(Number).filter((pid) => {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      const [, parent] = /\) \S (\d+) /.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? []
      return Number(parent) === process.pid && /processes\/child\.[jt]s/.test(command)
    } catch {
      return false
    }
  })
}

/** Breaks something as soon as a process has joined its group. */
function breaking(act: (parts: ServedParts) => void): {
  readonly provider: ReturnType<typeof servedKafka>
  /** Topics that are left on the cluster. */
  topics(): readonly string[]
} {
  let left: readonly string[] = ['it never started']
  const provider = servedKafka(binary, (parts) => {
    const { admin } = parts.served
    const watch = async (): Promise<void> => {
      while (admin.groups().length === 0) await sleep(10)
      act(parts)
    }
    void watch()
    const { stop } = parts.served
    parts.served.stop = () => {
      left = admin.topics().map(({ name }) => name)
      return stop()
    }
  })
  return { provider, topics: () => left.filter((name) => !name.startsWith('__')) }
}

describe.skipIf(skip)('a replay whose own parts fail', () => {
  it(
    'keeps what it tried where the cluster cannot be taken away',
    async () => {
      const provider = servedKafka(binary, ({ served }) => {
        const { stop } = served
        served.stop = async () => {
          await stop()
          throw new RealClusterError('Docker could not take it away')
        }
      })
      const { confirmation } = await replayed(`${COMMITS}.ts`, clicks([REFUSED]), {
        property: 'commit-regression',
        provider,
      })
      expect(confirmationWords(confirmation)).toBe('confirmed on the simulated cluster: 1 of 1')
    },
    TRY_MS,
  )

  it(
    'ends with one sentence where Toxiproxy dies, and leaves no topic behind',
    async () => {
      const { provider, topics } = breaking(({ toxiproxy: { pid } }) => process.kill(pid ?? 0, 'SIGKILL'))
      const replay = replayed(`${COMMITS}.ts`, clicks([REFUSED]), { property: 'commit-regression', provider })
      await expect(replay).rejects.toEqual(new RealClusterError('Toxiproxy ended by itself (SIGKILL)'))
      expect(topics()).toEqual([])
    },
    TRY_MS,
  )

  it(
    'ends with one sentence where somebody else kills a process, and leaves none behind',
    async () => {
      const { provider, topics } = breaking(() => {
        for (const pid of childrenHere()) process.kill(pid, 'SIGKILL')
      })
      const replay = replayed(`${COMMITS}.ts`, clicks([REFUSED]), { property: 'commit-regression', provider })
      await expect(replay).rejects.toThrow(/^consumer-0 was killed by somebody else \(SIGKILL;/)
      expect(topics()).toEqual([])
      expect(childrenHere()).toEqual([])
    },
    TRY_MS,
  )

  it(
    'ends at once where somebody interrupts it, and leaves no topic behind',
    async () => {
      const stop = new AbortController()
      const { provider, topics } = breaking(() => stop.abort())
      const { confirmation } = await replayed(`${COMMITS}.ts`, clicks([REFUSED]), {
        property: 'commit-regression',
        provider,
        signal: stop.signal,
      })
      expect(confirmationWords(confirmation)).toBe('undecided: interrupted before the first try was over')
      expect(topics()).toEqual([])
    },
    TRY_MS,
  )
})

describe('a replay on a machine that has no more', () => {
  it('says so in one sentence', async () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { syscall: 'write' })
    const provider = { ...servedKafka('nobody starts it'), start: () => Promise.reject(full) }
    const replay = replayed(`${COMMITS}.ts`, clicks([REFUSED]), { property: 'commit-regression', provider })
    await expect(replay).rejects.toEqual(new RealClusterError('ENOSPC: no space left on device, write'))
  })

  it('keeps the stack of a defect of the harness', async () => {
    const defect = new TypeError('x is not a function')
    const provider = { ...servedKafka('nobody starts it'), start: () => Promise.reject(defect) }
    const replay = replayed(`${COMMITS}.ts`, clicks([REFUSED]), { property: 'commit-regression', provider })
    await expect(replay).rejects.toBe(defect)
  })
})

/** Takes connections and says nothing, as a process that stands still. */
async function silentServer(): Promise<{ readonly port: number; close(): Promise<void> }> {
  const sockets: net.Socket[] = []
  const server = net.createServer((socket) => sockets.push(socket))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    port: address !== null && typeof address === 'object' ? address.port : 0,
    close() {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

describe('a cluster that is too slow', () => {
  afterEach(() => void vi.useRealTimers())

  it('is given up in one sentence, sooner where something has failed already', async () => {
    const cluster = new RealCluster(new Map())
    const never = (): Promise<null> => Promise.resolve(null)
    await expect(cluster.until('make the topic clicks', never, 30)).rejects.toEqual(
      new RealClusterError('the cluster took more than 0.03 s to make the topic clicks'),
    )
    cluster.hasten(10)
    await expect(cluster.until('delete the topics clicks', never)).rejects.toEqual(
      new RealClusterError('the cluster took more than 0.01 s to delete the topics clicks'),
    )
  })

  it('does not answer, where a broker that is down refuses the connection', async () => {
    const silent = await silentServer()
    const down = { host: '127.0.0.1', port: await freePort() }
    const cluster = new RealCluster(
      new Map([
        [0, down],
        [1, { host: '127.0.0.1', port: silent.port }],
      ]),
    )
    cluster.hasten(20)
    await expect(cluster.demandAnswers()).rejects.toEqual(
      new BrokerGone(`127.0.0.1:${silent.port} did not answer Metadata within 0.02 s`, { silent: true }),
    )
    await expect(new RealCluster(new Map([[0, down]])).demandAnswers()).resolves.toBeUndefined()
    cluster.close()
    await silent.close()
  })

  it('is given up where Toxiproxy stands still, and is asked no more', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    const silent = await silentServer()
    const access = {
      url: `http://127.0.0.1:${silent.port}`,
      gateBind: '127.0.0.1',
      gateHost: '127.0.0.1',
      listen: () => '127.0.0.1:0',
      portOf: (port: number) => port,
    }
    const links = new Links({ access, busy: new Busy(), prefix: 'test-' })
    const why = new RealClusterError('Toxiproxy did not answer within 60 s')
    for (const broker of [0, 1]) {
      const opened = expect(links.open('consumer-0', broker, 1)).rejects.toEqual(why)
      await vi.advanceTimersByTimeAsync(60_000)
      await opened
    }
    expect(links.calls).toEqual({ calls: 2, ms: 60_000, slowestMs: 60_000 })
    await silent.close()
  })
})

describe('a port that somebody else was quicker to take', () => {
  it('is named, where nobody listens in the place of the process that ended', async () => {
    const { port, close } = await silentServer()
    const free = await freePort()
    const inUse = `port ${port} of 127.0.0.1 is in use by another process, and broker-0 can't listen there; type the command again, which takes other ports`
    expect(await whyEnded({ name: 'broker-0', ports: [free, port], how: 'code 1' })).toBe(inUse)
    expect(await portTaken('broker-0', port)).toBe(inUse)
    await close()
    expect(await portTaken('broker-0', port)).toBeNull()
    expect(await whyEnded({ name: 'broker-0', ports: [free, port], how: 'code 1' })).toBe(
      'broker-0 ended by itself (code 1)',
    )
  })
})
