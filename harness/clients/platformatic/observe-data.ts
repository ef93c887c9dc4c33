import type { ClientPort } from '../client.interface.ts'
import { withRecords } from '../record-in-hand.ts'
import { type Listener, type PlatformaticMessage, type PlatformaticStream, positionOf } from './internals.ts'
import { type Handed, handing, observeDestination } from './observe-pipe.ts'

/** Listeners that are observed already: `once` hands its own to `on`. */
const observedListeners = new WeakSet<Listener>()

/**
 * Makes the work of `data` listeners observable, and that of the streams into which this one is
 * piped.
 */
export function observeData(stream: PlatformaticStream, group: string, port: ClientPort): void {
  let into: Handed | null = null
  const { pipe } = stream
  stream.pipe = function (destination, options) {
    into = observeDestination(destination, group, port)
    try {
      return pipe.call(this, destination, options)
    } finally {
      into = null
    }
  }
  for (const name of ['on', 'addListener', 'prependListener'] as const) {
    const listen = stream[name]
    stream[name] = function (event, listener) {
      const known = listener.listener !== undefined && observedListeners.has(listener.listener)
      const plain = event !== 'data' || known
      if (plain) return listen.call(this, event, listener)
      const observed = into === null ? observeListener(listener, group, port) : handing(listener, into)
      return listen.call(this, event, standingFor(listener, observed))
    }
  }
  for (const name of ['once', 'prependOnceListener'] as const) {
    const listen = stream[name]
    stream[name] = function (event, listener) {
      if (event !== 'data') return listen.call(this, event, listener)
      const observed = standingFor(listener, observeListener(listener, group, port))
      const result = listen.call(this, event, observed)
      for (const each of stream.rawListeners('data')) if (each.listener === observed) each.listener = listener
      return result
    }
  }
}

function observeListener(listener: Listener, group: string, port: ClientPort): Listener {
  return function (this: unknown, ...args) {
    const records = [positionOf(args[0] as PlatformaticMessage)]
    port.handlerStart(group, records, false)
    let result: unknown
    try {
      result = withRecords(port.named(records), () => listener.apply(this, args))
    } catch (error) {
      port.handlerFailure(group, records, false, error)
      throw error
    }
    if (!(result instanceof Promise)) {
      port.handlerEnd(group, records, false)
      return result
    }
    return result.then(
      () => port.handlerEnd(group, records, false),
      (error: unknown) => {
        port.handlerFailure(group, records, false, error)
        // An error that the app does not handle stays unhandled, as without the adapter.
        throw error
      },
    )
  }
}

/** As `once` does it: `removeListener` finds a listener by the function that the user gave. */
function standingFor(listener: Listener, observed: Listener): Listener {
  observed.listener = listener
  observedListeners.add(observed)
  return observed
}
