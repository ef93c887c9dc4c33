import { currentProcess } from '../../sim/ambient/current.ts'
import type { ConnectionClass, KafkajsConnection, RequestQueue } from './internals.ts'

/**
 * kafkajs 2.2.4 writes functions into properties in the place where it makes them: two for each
 * connection's request queue, one for each request (`this[EMIT_EVENT] = ...`). V8 makes such
 * functions in its old generation, where they stay until a full collection, with all that they
 * reach: the queue, and the client's emitter, whose listeners lead to the whole run. Queue and
 * emitter are emptied when the run is over. Not before: a process that has ended is still at work
 * on the stack on which it was killed, and fills them again.
 */
export function releaseWithRun({ prototype }: ConnectionClass): void {
  const connect = prototype.connect
  prototype.connect = function (this: KafkajsConnection) {
    const process = currentProcess()
    if (process !== undefined && !released.has(this.requestQueue)) {
      released.add(this.requestQueue)
      process.host.atDispose(() => release(this.requestQueue))
    }
    return connect.call(this)
  }
}

/** Queues that are emptied with their run. */
const released = new WeakSet<RequestQueue>()

const disconnected = (): boolean => false

function release(queue: RequestQueue): void {
  queue.instrumentationEmitter?.emitter.removeAllListeners()
  queue.removeAllListeners()
  queue.inflight.clear()
  Object.assign(queue, {
    pending: [],
    isConnected: disconnected,
    requestTimeoutIntervalId: null,
    throttleCheckTimeoutId: null,
  } satisfies Partial<RequestQueue>)
}
