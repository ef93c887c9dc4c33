import { UsageError } from '../../core/errors.ts'
import type { Service, ServiceRow } from '../../core/service.ts'
import { createHttpReader } from './call-reader.ts'
import type { AnsweredRequest, HttpHandler } from './handler.ts'
import { HttpHost } from './host.ts'

export interface HttpOptions {
  /**
   * The identity of the message that a request is about, for `effects: { from, query }`; null: it
   * is about none. Compared as text with the scenario's `identity` of each record.
   */
  readonly identity?: (request: AnsweredRequest) => string | number | bigint | null
  /** Virtual milliseconds after which an idle connection is closed; default 5,000, as in Node. */
  readonly keepAliveMs?: number
}

export type { AnsweredRequest, HttpCall, HttpHandler } from './handler.ts'

const OPTIONS = ['identity', 'keepAliveMs'] as const
const KEEP_ALIVE_MS = 5_000

/**
 * An HTTP service for a scenario's `services`: `fetch`, undici, axios, got, `node:http` and
 * `node:https` reach it, unmodified. As `effects: { from: 'payments', query: 'POST /payments' }`
 * the effects are its requests that were answered with a status from 200 to 299, or with the one
 * that the query names behind the path (`POST /payments 201`); `*` in a path stands for anything.
 * @throws UsageError `bad-scenario` for options that it doesn't know
 */
export function http(handler: HttpHandler, options: HttpOptions = {}): Service {
  const { identity, keepAliveMs = KEEP_ALIVE_MS } = options
  const wrong = Object.keys(options).find((name) => !OPTIONS.some((known) => known === name))
  if (typeof handler !== 'function' || wrong !== undefined)
    throw new UsageError(
      'bad-scenario',
      wrong === undefined
        ? 'http() takes a handler; write http((request) => new Response(null, { status: 202 }))'
        : `http() has no option '${wrong}'; it has ${OPTIONS.join(' and ')}`,
    )
  let answered: AnsweredRequest[] = []
  let host: HttpHost | null = null
  return {
    port: 80,
    errors: ['429', '500', '503'],
    reset(run) {
      answered = []
      host = new HttpHost({
        handler,
        run,
        keepAliveMs,
        answered: (request) => void answered.push(request),
      })
    },
    accept: (connection) => host?.accept(connection),
    reader: createHttpReader,
    ask(query) {
      const fits = matcher(query)
      return answered.filter(fits).flatMap((request) => rowsOf(request, identity))
    },
  }
}

const QUERY = /^([A-Z]+) (\/\S*)(?: (\d{3}))?$/

/** @throws Error where the query is none of this service */
function matcher(query: string): (request: AnsweredRequest) => boolean {
  const [, method, path = '', status] = QUERY.exec(query) ?? []
  if (method === undefined)
    throw new Error(`'${query}' is none of an HTTP service; write 'POST /payments', or 'POST /payments 201'`)
  const parts = path.split('*').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  const pattern = new RegExp(`^${parts.join('.*')}$`)
  return (request) =>
    request.method === method &&
    pattern.test(request.path) &&
    (status === undefined ? Math.floor(request.status / 100) === 2 : request.status === Number(status))
}

function rowsOf(request: AnsweredRequest, identity: HttpOptions['identity']): ServiceRow[] {
  if (identity === undefined) return [{ path: request.path, body: request.body, status: `${request.status}` }]
  const its = identity(request)
  return its === null ? [] : [{ identity: String(its), times: '1' }]
}
