import { getCallSites } from 'node:util'
import type { RecordPosition } from '../../core/history.ts'
import type { ClientPort } from '../client.interface.ts'
import { type MessagesIterator, type PlatformaticStream, positionOf } from './internals.ts'
import { observeData } from './observe-data.ts'

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
  observePauses(stream, port)

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

/**
 * Tells of the app's own pauses, and of their ends: Node's streams and the client call the same
 * functions.
 */
function observePauses(stream: PlatformaticStream, port: ClientPort): void {
  const { consumer, pause, resume } = stream
  const { groupId: group } = consumer
  const by = { process: port.process.name, incarnation: port.process.incarnation }
  const tell = (kind: 'consumer-paused' | 'consumer-resumed'): void => {
    const partitions = (consumer.assignments ?? []).flatMap(({ topic, partitions: numbers }) =>
      numbers.map((partition) => ({ topic, partition })),
    )
    port.observe({ kind, group, partitions, ...by })
  }
  let paused = false
  stream.pause = () => {
    const isApps = calledByApp()
    pause.call(stream)
    if (isApps && !paused) tell('consumer-paused')
    paused ||= isApps
    return stream
  }
  stream.resume = () => {
    resume.call(stream)
    // Node calls it, too, when the end of a pipe has room again: then it flows as well.
    if (paused) tell('consumer-resumed')
    paused = false
    return stream
  }
}

/** Whether the function that calls this was called by the app, and not by Node or the client. */
function calledByApp(): boolean {
  const [, , caller] = getCallSites(3)
  const name = caller?.scriptName ?? ''
  return !name.startsWith('node:') && !name.includes('@platformatic/kafka')
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
