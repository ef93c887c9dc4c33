import type { RecordPosition } from '../../core/history.ts'
import type { ClientPort } from '../client.interface.ts'
import type { Listener, MessagesIterator, PlatformaticMessage, PlatformaticStream } from './internals.ts'

/** Why a message in the hands of a loop that was left counts as failed. */
const LEFT = 'the loop over the stream was left'

/** Makes the work on each message of a stream observable, and the stream's own end. */
export function observeStream(stream: PlatformaticStream, port: ClientPort): void {
  const group = stream.consumer.groupId
  const by = { process: port.process.name, incarnation: port.process.incarnation }

  const iterate = stream[Symbol.asyncIterator]
  stream[Symbol.asyncIterator] = () => observeIterator(iterate.call(stream), group, port)
  const { iterator } = stream
  stream.iterator = (options) => observeIterator(iterator.call(stream, options), group, port)

  observeData(stream, group, port)

  // Not `error`: a listener would keep an error that nobody handles from ending the process.
  stream.once('close', () => {
    const { errored } = stream
    if (errored === null) port.observe({ kind: 'consumer-stopped', group, ...by })
    else {
      const error = `${errored.name}: ${errored.message}`
      port.observe({ kind: 'consumer-crashed', group, error, restarts: false, ...by })
    }
  })
}

function observeIterator(iterator: MessagesIterator, group: string, port: ClientPort): MessagesIterator {
  /** The message that the loop has in its hands, and how much longer it keeps it. */
  let inHand: { readonly records: readonly RecordPosition[]; readonly delayAfterUs: number } | null = null
  const leave = (): void => {
    if (inHand !== null) port.handlerFailure(group, inHand.records, false, LEFT)
    inHand = null
  }
  const { next, return: leaveLoop, throw: throwInto } = iterator

  iterator.next = async () => {
    if (inHand !== null) {
      const { records, delayAfterUs } = inHand
      if (delayAfterUs > 0) await port.sleep(delayAfterUs)
      port.handlerEnd(group, records, false)
      inHand = null
    }
    const result = await next.call(iterator)
    if (result.done === true) return result
    const records = [positionOf(result.value)]
    const { delayBeforeUs, delayAfterUs } = port.handlerStart(group, records, false)
    inHand = { records, delayAfterUs }
    if (delayBeforeUs > 0) await port.sleep(delayBeforeUs)
    return result
  }
  if (leaveLoop !== undefined) {
    iterator.return = (value) => {
      leave()
      return leaveLoop.call(iterator, value)
    }
  }
  if (throwInto !== undefined) {
    iterator.throw = (error) => {
      leave()
      return throwInto.call(iterator, error)
    }
  }
  return iterator
}

/** Listeners that are observed already: `once` hands its own to `on`. */
const observedListeners = new WeakSet<Listener>()

function observeData(stream: PlatformaticStream, group: string, port: ClientPort): void {
  for (const name of ['on', 'addListener', 'prependListener'] as const) {
    const listen = stream[name]
    stream[name] = function (event, listener) {
      const known = listener.listener !== undefined && observedListeners.has(listener.listener)
      const plain = event !== 'data' || known
      return listen.call(this, event, plain ? listener : observeListener(listener, group, port))
    }
  }
  for (const name of ['once', 'prependOnceListener'] as const) {
    const listen = stream[name]
    stream[name] = function (event, listener) {
      if (event !== 'data') return listen.call(this, event, listener)
      const observed = observeListener(listener, group, port)
      const result = listen.call(this, event, observed)
      for (const each of stream.rawListeners('data')) if (each.listener === observed) each.listener = listener
      return result
    }
  }
}

function observeListener(listener: Listener, group: string, port: ClientPort): Listener {
  const observed: Listener = function (this: unknown, ...args) {
    const records = [positionOf(args[0] as PlatformaticMessage)]
    port.handlerStart(group, records, false)
    let result: unknown
    try {
      result = listener.apply(this, args)
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
        // Whoever does not handle it finds it unhandled, as without us.
        throw error
      },
    )
  }
  // As `once` does it: `removeListener` finds a listener by the function that the user gave.
  observed.listener = listener
  observedListeners.add(observed)
  return observed
}

function positionOf({ topic, partition, offset }: PlatformaticMessage): RecordPosition {
  return { topic, partition, offset }
}
