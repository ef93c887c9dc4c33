import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads'
import { HarnessError } from '../../../core/errors.ts'
import { comesTrue } from './answered.ts'
import type { ServerReply, ServerRequest, ServerThreadData } from './requests.interface.ts'
import type { StartedServer } from './start.ts'

/** How long a server may take to come to rest, in real time. */
const REST_MS_MAX = 20_000
/** Of the server's `max_connections`, 120: the rest is for what one run may have beyond it. */
const BACKENDS_MAX = 60

export interface BridgeOptions {
  readonly restMsMax?: number
  readonly backendsMax?: number
}

/** Asks a server synchronously: a thread has the connections, and this one waits for it. */
export class Bridge {
  readonly #port: MessagePort
  readonly #answered: Int32Array
  readonly #restMsMax: number
  readonly #end: () => void
  #broken: string | null = null

  private constructor(
    port: MessagePort,
    answered: Int32Array,
    { restMsMax, end }: { readonly restMsMax: number; end(): void },
  ) {
    this.#port = port
    this.#answered = answered
    this.#restMsMax = restMsMax
    this.#end = end
  }

  static async open(
    { socket, clock, log, end }: StartedServer,
    { restMsMax = REST_MS_MAX, backendsMax = BACKENDS_MAX }: BridgeOptions = {},
  ): Promise<Bridge> {
    const { port1, port2 } = new MessageChannel()
    const answered = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
    const data: ServerThreadData = { socket, clock, backendsMax, answered, port: port2 }
    // The thread's module stands beside this one, compiled or not.
    const module = new URL(import.meta.url.replace(/bridge(\.\w+)$/, 'thread$1'))
    const worker = new Worker(module, { workerData: data, transferList: [port2] })
    const bridge = new Bridge(port1, answered, {
      restMsMax,
      end() {
        end()
        void worker.terminate()
      },
    })
    await new Promise((resolve, reject) => {
      worker.once('message', resolve)
      worker.once('error', reject)
    })
    worker.removeAllListeners('error')
    worker.on('error', (error: unknown) => {
      bridge.#break(`has no thread any longer: ${String(error)}; the server says: ${log()}`)
    })
    worker.unref()
    return bridge
  }

  /** Why it can't be asked: `failed at …`, and its server has been ended. Null: it can. */
  get broken(): string | null {
    return this.#broken
  }

  /**
   * @param about what is asked, if it is the app's: for the error of one that never ends
   * @throws HarnessError where the server does not come to rest, or fails
   */
  ask(request: ServerRequest, about: string = request.op): ServerReply {
    if (this.#broken !== null) throw new HarnessError(`PostgreSQL can't be asked: it ${this.#broken}`)
    Atomics.store(this.#answered, 0, 0)
    this.#port.postMessage(request)
    if (!comesTrue(this.#answered, this.#restMsMax)) {
      throw this.#break(`has not come to rest within ${this.#restMsMax / 1000} s of real time, at ${about}`)
    }
    const received: { readonly message: ServerReply } | undefined = receiveMessageOnPort(this.#port)
    if (received === undefined) throw new HarnessError('PostgreSQL has answered nothing')
    const { message: reply } = received
    if (reply.failure === null) return reply
    throw this.#break(`failed at ${about}: ${reply.failure}`)
  }

  /** After a failure the server's state is unknown: it is ended, and a next check has its own. */
  #break(why: string): HarnessError {
    this.#broken = why
    this.#end()
    return new HarnessError(`PostgreSQL ${why}`)
  }
}
