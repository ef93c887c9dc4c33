import type { ChildProcess } from 'node:child_process'
import { freePort } from '../../fidelity/differential/ports.ts'
import { guarded, killed } from '../providers/guarded.ts'
import { waitForPort } from '../providers/wait-for-port.ts'
import type { ToxiproxyAccess } from './links.ts'

const HOST = '127.0.0.1'
const STARTED_MS = 30_000

/** A Toxiproxy of our own on this machine. */
export class ToxiproxyServer {
  readonly access: ToxiproxyAccess
  readonly #process: ChildProcess

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
    process.once('exit', (code, signal) => onEnd(`Toxiproxy ended by itself (${signal ?? `code ${code}`})`))
    const server = new ToxiproxyServer(process, port)
    await waitForPort({ host: HOST, port }, { what: 'Toxiproxy', process, patienceMs: STARTED_MS, signal })
    return server
  }

  get pid(): number | undefined {
    return this.#process.pid
  }

  async stop(): Promise<void> {
    this.#process.removeAllListeners('exit')
    await killed(this.#process)
  }
}
