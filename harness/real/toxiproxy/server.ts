import type { ChildProcess } from 'node:child_process'
import { freePort } from '../../fidelity/differential/ports.ts'
import { RealClusterError } from '../cluster/errors.ts'
import { guarded, killed } from '../providers/guarded.ts'
import { waitForPort } from '../providers/wait-for-port.ts'
import { portTaken, whyEnded } from '../providers/why-ended.ts'
import type { ToxiproxyAccess } from './links.ts'

const HOST = '127.0.0.1'
const STARTED_MS = 30_000

/** A Toxiproxy of our own on this machine. */
export class ToxiproxyServer {
  readonly access: ToxiproxyAccess
  readonly #process: ChildProcess
  #stopped = false

  private constructor(process: ChildProcess, port: number) {
    this.#process = process
    this.access = {
      url: `http://${HOST}:${port}`,
      gateBind: HOST,
      gateHost: HOST,
      listen: () => `${HOST}:0`,
      portOf: (listening) => listening,
    }
  }

  /**
   * @param binary of toxiproxy-server
   * @param onEnd it has ended by itself
   */
  static async start(
    binary: string,
    { signal, onEnd }: { readonly signal: AbortSignal; onEnd(why: string): void },
  ): Promise<ToxiproxyServer> {
    const port = await freePort()
    const process = guarded(binary, ['-host', HOST, '-port', String(port)])
    const server = new ToxiproxyServer(process, port)
    process.once('exit', (code, signal) => {
      if (server.#stopped) return
      const ended = { name: 'Toxiproxy', ports: [port], how: signal ?? `code ${code}` }
      void whyEnded(ended).then(onEnd)
    })
    try {
      await waitForPort({ host: HOST, port }, { what: 'Toxiproxy', process, patienceMs: STARTED_MS, signal })
      await demandVersion(server.access.url, signal)
      return server
    } catch (error) {
      // Where its port is taken, Toxiproxy runs on without one.
      await server.stop()
      signal.throwIfAborted()
      const taken = await portTaken('Toxiproxy', port)
      throw taken === null ? error : new RealClusterError(taken)
    }
  }

  get pid(): number | undefined {
    return this.#process.pid
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await killed(this.#process)
  }
}

/** Tells Toxiproxy from another process that listens on its port. */
async function demandVersion(url: string, signal: AbortSignal): Promise<void> {
  const late = AbortSignal.timeout(STARTED_MS)
  const asked = fetch(`${url}/version`, { signal: AbortSignal.any([signal, late]) })
  const answered = await asked.then(
    ({ ok }) => ok,
    () => false,
  )
  if (!answered) throw new RealClusterError(`Toxiproxy did not answer within ${STARTED_MS / 1000} s`)
}
