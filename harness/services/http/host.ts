import { errorText } from '../../core/error-text.ts'
import type { ArrivedCall, ServiceConnection, ServiceRun } from '../../core/service.ts'
import { answerBytes } from './answers.ts'
import type { AnsweredRequest, HttpHandler } from './handler.ts'
import { type HttpMessage, HttpMessages, operationOf } from './messages.ts'

/** Time that the service takes for a call, in microseconds. */
const SERVICE_US = 100
/** A handler that has not answered by then waits for something that is no virtual time. */
const SETTLED_US = 1_000
/** Methods whose requests have no body for `Request`. */
const BODILESS: ReadonlySet<string> = new Set(['GET', 'HEAD'])

export interface HttpHostOptions {
  readonly handler: HttpHandler
  readonly run: ServiceRun
  readonly keepAliveMs: number
  answered(request: AnsweredRequest): void
}

/** A call whose handler is at work. */
interface AtWork {
  readonly request: HttpMessage
  readonly call: ArrivedCall
  /** How many virtual delays it waits for. */
  waiting: number
  settled: boolean
}

/** HTTP/1.1 in front of a handler, for one run. */
export class HttpHost {
  readonly #options: HttpHostOptions
  readonly #kept: Map<string, unknown> = new Map()

  constructor(options: HttpHostOptions) {
    this.#options = options
  }

  accept(connection: ServiceConnection): void {
    const { run, keepAliveMs } = this.#options
    /** Answers leave in the order of their requests. */
    let last: Promise<void> = Promise.resolve()
    let idle: { cancel(): void } | null = null
    let open = true
    const rest = (): void => {
      idle?.cancel()
      idle = run.after(keepAliveMs * 1000, () => connection.end())
    }
    const messages = new HttpMessages('REQUEST', {
      head({ headers }) {
        if (headers.some(([name, value]) => /^expect$/i.test(name) && /^100-continue$/i.test(value)))
          connection.write(Buffer.from('HTTP/1.1 100 Continue\r\n\r\n'))
        return false
      },
      message: (request) => {
        const call = open ? connection.arrived() : null
        if (call === null) return
        idle?.cancel()
        last = last.then(async () => {
          const bytes = await this.#answer(connection, request, call)
          if (!open) return
          connection.write(bytes, SERVICE_US)
          if (request.keepsAlive) rest()
          else connection.end()
        })
      },
    })
    Object.assign(connection, {
      onData(bytes: Buffer) {
        try {
          messages.add(bytes)
        } catch {
          connection.write(Buffer.from('HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n'))
          connection.end()
        }
      },
      onEnd() {
        void last.then(() => connection.end())
      },
      onClose() {
        open = false
        idle?.cancel()
      },
    } satisfies Partial<ServiceConnection>)
  }

  async #answer(connection: ServiceConnection, request: HttpMessage, call: ArrivedCall): Promise<Buffer> {
    const { run, keepAliveMs } = this.#options
    const response = call.error === null ? await this.#handle(connection, request, call) : refused(call.error)
    const { status } = response
    const done = status < 400
    // Said before it is asked for.
    if (call.error === null) this.#options.answered({ ...shownTo(request), status })
    call.done({ error: done ? null : String(status), changed: call.error === null })
    return answerBytes(response, {
      isHead: request.method === 'HEAD',
      keepsAlive: request.keepsAlive,
      keepAliveMs,
      nowMs: (run.epochUs + run.nowUs) / 1000,
    })
  }

  async #handle(connection: ServiceConnection, request: HttpMessage, call: ArrivedCall): Promise<Response> {
    const { run, handler } = this.#options
    const atWork: AtWork = { request, call, waiting: 0, settled: false }
    this.#watch(connection, atWork)
    try {
      const response = await handler(requestOf(request), {
        client: connection.client,
        kept: this.#kept,
        nowMs: (run.epochUs + run.nowUs) / 1000,
        wait: (ms) => this.#wait(connection, atWork, ms),
      })
      if (!(response instanceof Response)) throw new TypeError('it returned no Response')
      return response
    } catch (error) {
      run.refuse(
        connection.client,
        `calls ${operationOf(request)}`,
        `the handler failed with ${errorText(error)}; mend the handler, or return a Response with the status that it is to have`,
      )
      return new Response(null, { status: 500 })
    } finally {
      atWork.settled = true
    }
  }

  #wait(connection: ServiceConnection, atWork: AtWork, ms: number): Promise<void> {
    atWork.waiting += 1
    return new Promise((resolve) => {
      this.#options.run.after(ms * 1000, () => {
        atWork.waiting -= 1
        this.#watch(connection, atWork)
        resolve()
      })
    })
  }

  /** A handler that waits for real time, or for ever: nothing that comes of it would be right. */
  #watch({ client }: ServiceConnection, atWork: AtWork): void {
    const { run } = this.#options
    run.after(SETTLED_US, () => {
      if (atWork.settled || atWork.waiting > 0) return
      run.refuse(
        client,
        `calls ${operationOf(atWork.request)}`,
        'the handler does not answer: it may wait for promises that settle at once, and for call.wait(ms), but for nothing that takes real time',
      )
    })
  }
}

function refused(code: string): Response {
  return Response.json({ error: `injected: ${code}` }, { status: Number(code) })
}

function shownTo({ method, target, headers, body }: HttpMessage): Omit<AnsweredRequest, 'status'> {
  const [path = '', query = ''] = target.split('?')
  return { method, path, query, headers: new Headers(headers.map(mutable)), body: body.toString() }
}

function requestOf({ method, target, headers, body }: HttpMessage): Request {
  const host = headers.find(([name]) => name.toLowerCase() === 'host')?.[1] ?? 'localhost'
  return new Request(new URL(target, `http://${host}`), {
    method,
    headers: headers.map(mutable),
    ...(BODILESS.has(method) ? {} : { body }),
  })
}

function mutable([name, value]: readonly [string, string]): [string, string] {
  return [name, value]
}
