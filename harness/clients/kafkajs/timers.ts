import { currentProcess } from '../../sim/ambient/current.ts'
import { wakePassive, withPassiveTimer } from '../../sim/ambient/passive.ts'
import type { RequestQueue, RequestQueueClass } from './internals.ts'

/**
 * Each connection of kafkajs 2.2.4 has two timers that only look whether there is something to do:
 * one re-arms itself every millisecond for ever (`throttledUntil` starts at −1, so the delay is
 * hugely negative), the other looks every 100 ms for requests that are overdue. An idle virtual
 * hour would cost 3.6 million events for each connection. Both keep their grid, and are dispatched
 * only at the grid points at which they can have an effect.
 */
export const idleTimers = {
  /** Off only in the test that shows that histories are the same without it. */
  quiet: true,
}

export function quietIdleTimers({ prototype }: RequestQueueClass): void {
  const scheduleCheckPendingRequests = prototype.scheduleCheckPendingRequests
  prototype.scheduleCheckPendingRequests = function (this: RequestQueue) {
    const nothingToSend = this.pending.length === 0 && this.throttledUntil <= Date.now()
    if (currentProcess() === undefined || !nothingToSend || !idleTimers.quiet)
      return scheduleCheckPendingRequests.call(this)
    withPassiveTimer(
      () => null,
      () => scheduleCheckPendingRequests.call(this),
    )
  }

  const push = prototype.push
  prototype.push = function (this: RequestQueue, request) {
    push.call(this, request)
    if (this.pending.length > 0 && this.throttleCheckTimeoutId !== null)
      wakePassive(this.throttleCheckTimeoutId)
  }

  const scheduleRequestTimeoutCheck = prototype.scheduleRequestTimeoutCheck
  prototype.scheduleRequestTimeoutCheck = function (this: RequestQueue) {
    if (currentProcess() === undefined || !idleTimers.quiet) return scheduleRequestTimeoutCheck.call(this)
    withPassiveTimer(
      () => firstTimeoutMs(this),
      () => scheduleRequestTimeoutCheck.call(this),
    )
  }
}

/**
 * The virtual Unix time in milliseconds before which the check can't time anything out. A request
 * that is not yet sent can't be overdue earlier than a whole timeout from now.
 */
function firstTimeoutMs(queue: RequestQueue): number {
  const nowMs = Date.now()
  if (!queue.isConnected()) return nowMs
  let firstMs = nowMs + queue.requestTimeout
  for (const { sentAt, requestTimeout } of queue.inflight.values()) {
    if (sentAt !== null) firstMs = Math.min(firstMs, sentAt + requestTimeout)
  }
  return firstMs
}
