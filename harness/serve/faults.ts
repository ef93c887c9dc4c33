import { didYouMean } from '../core/did-you-mean.ts'
import { UsageError } from '../core/errors.ts'
import {
  APIS,
  ERROR_CODES,
  type ErrorName,
  type RequestAction,
  type RequestHooks,
  type RequestInfo,
} from '../kafka/index.ts'

/** The effect of a fault on a request. */
type ServeEffect =
  /**
   * The request is not applied, and answered with this error in each place where the answer has
   * one.
   */
  | { readonly kind: 'error'; readonly error: ErrorName }
  /** Taken up `ms` milliseconds late; the connection waits. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** Applied at once, answered `ms` milliseconds later. */
  | { readonly kind: 'delay-answer'; readonly ms: number }
  /** The connection closes, and nothing is applied. */
  | { readonly kind: 'disconnect-before' }
  /** Applied; then the connection closes without an answer. */
  | { readonly kind: 'disconnect-after' }
  /**
   * Neither applied nor answered, nor is anything that follows on the connection, which stays open.
   */
  | { readonly kind: 'black-hole' }
  /** Applied and not answered, nor is anything that follows on the connection, which stays open. */
  | { readonly kind: 'lose-answer' }

/**
 * A fault that is placed on requests of one kind. Calls are counted from when it is placed, from 1.
 */
export type ServeFault = ServeEffect & {
  /** Kafka's name of the request, such as `OffsetCommit`. */
  readonly request: string
  /** Only requests of this client id. */
  readonly clientId?: string
  /** Only requests to this broker (0, 1, …). */
  readonly broker?: number
  /**
   * Only requests for which this holds; `body` has the field names of Kafka's message definitions.
   */
  readonly where?: (request: RequestInfo) => boolean
  /** The first call (default), the n-th, the first n, or all. */
  readonly when?: 'once' | 'always' | { readonly call: number } | { readonly times: number }
}

export interface PlacedFault {
  /** Requests that it was placed on so far, hit or not. */
  readonly calls: number
  /** Requests that it struck. */
  readonly hits: number
  /** Removes the fault: it does not strike again. */
  remove(): void
}

/**
 * The faults of one cluster. Of several that would strike the same request, the one that was placed
 * first does.
 */
export class PlacedFaults {
  readonly #placed: Set<Placed> = new Set()
  readonly hooks: RequestHooks = { received: (request) => this.#received(request) }

  /** @throws UsageError for a request, an error or a number that is none */
  place(fault: ServeFault): PlacedFault {
    check(fault)
    const placed: Placed = { fault, action: actionOf(fault), calls: 0, hits: 0 }
    this.#placed.add(placed)
    return {
      get calls() {
        return placed.calls
      },
      get hits() {
        return placed.hits
      },
      remove: () => void this.#placed.delete(placed),
    }
  }

  #received(request: RequestInfo): RequestAction {
    let action: RequestAction = PROCEED
    for (const placed of this.#placed) {
      if (!concerns(placed.fault, request)) continue
      placed.calls += 1
      if (action !== PROCEED || !strikes(placed)) continue
      placed.hits += 1
      action = placed.action
    }
    return action
  }
}

interface Placed {
  readonly fault: ServeFault
  readonly action: RequestAction
  calls: number
  hits: number
}

const PROCEED: RequestAction = { kind: 'proceed' }

function concerns({ request, clientId, broker, where }: ServeFault, info: RequestInfo): boolean {
  if (request !== info.api) return false
  if (clientId !== undefined && clientId !== info.clientId) return false
  if (broker !== undefined && broker !== info.broker.id) return false
  return where === undefined || where(info)
}

function strikes({ fault: { when = 'once' }, calls, hits }: Placed): boolean {
  if (when === 'always') return true
  if (when === 'once') return hits === 0
  return 'call' in when ? calls === when.call : hits < when.times
}

function actionOf(fault: ServeFault): RequestAction {
  switch (fault.kind) {
    case 'error':
      return { kind: 'error', error: fault.error }
    case 'delay':
    case 'delay-answer':
      return { kind: fault.kind, ms: fault.ms }
    case 'black-hole':
      return { kind: 'lose' }
    default:
      return { kind: fault.kind }
  }
}

const KINDS: readonly ServeEffect['kind'][] = [
  'error',
  'delay',
  'delay-answer',
  'disconnect-before',
  'disconnect-after',
  'black-hole',
  'lose-answer',
]

function check(fault: ServeFault): void {
  oneOf('request', fault.request, Object.keys(APIS))
  oneOf('kind of fault', fault.kind, KINDS)
  if (fault.kind === 'error')
    oneOf(
      'error',
      fault.error,
      Object.keys(ERROR_CODES).filter((name) => name !== 'NONE'),
    )
  if ((fault.kind === 'delay' || fault.kind === 'delay-answer') && !(fault.ms >= 0))
    throw wrong(`ms is the length of a ${fault.kind} in milliseconds, from 0 on, not ${String(fault.ms)}`)
  const { when = 'once' } = fault
  if (when === 'once' || when === 'always') return
  const count = typeof when === 'object' ? ('call' in when ? when.call : when.times) : undefined
  if (count === undefined || !Number.isSafeInteger(count) || count < 1)
    throw wrong("when is 'once', 'always', { call: n } or { times: n } with n from 1 on")
}

function oneOf(what: string, name: string, known: readonly string[]): void {
  if (known.includes(name)) return
  throw wrong(
    `there is no ${what} '${name}'; ${didYouMean(name, known) ?? `choose one of ${known.join(', ')}`}`,
  )
}

function wrong(message: string): UsageError {
  return new UsageError('unknown-option', message)
}
