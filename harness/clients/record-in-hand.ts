import { AsyncLocalStorage } from 'node:async_hooks'
import type { RecordPosition } from '../core/history.ts'

const inHand = new AsyncLocalStorage<readonly RecordPosition[]>()

/** Runs a handler of these records, so that what it calls can ask which they are. */
export function withRecords<Result>(records: readonly RecordPosition[], handler: () => Result): Result {
  return inHand.run(records, handler)
}

/**
 * The record whose handler the caller runs in; null outside of handlers, and in one of a batch of
 * several.
 */
export function recordInHand(): RecordPosition | null {
  const [record = null, ...others] = inHand.getStore() ?? []
  return others.length === 0 ? record : null
}
