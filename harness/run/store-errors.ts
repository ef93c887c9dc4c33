import type { ServiceErrorCode } from '../core/service.ts'

/**
 * The transaction was not applied (`CONFLICT`, `FAILED`), or nobody knows (`TIMEOUT`,
 * `DISCONNECTED`).
 */
export class StoreError extends Error {
  readonly code: 'CONFLICT' | 'FAILED' | 'TIMEOUT' | 'DISCONNECTED'
  constructor(code: StoreError['code'], message: string) {
    super(message)
    this.name = 'StoreError'
    this.code = code
  }
}

export function conflict(): StoreError {
  return new StoreError('CONFLICT', 'what the transaction read has changed; nothing was written')
}

export function failed(): StoreError {
  return new StoreError('FAILED', 'the store refused the transaction; nothing was written')
}

export function timedOut(): StoreError {
  return new StoreError('TIMEOUT', 'the store did not answer in time')
}

export function disconnected(): StoreError {
  return new StoreError('DISCONNECTED', 'the connection to the store ended before it answered')
}

/** The transaction is over since one of its reads failed. */
export function aborted(): StoreError {
  return new StoreError('FAILED', 'a read of the transaction failed before; nothing was written')
}

/** The answer of the store where a schedule has it refuse with this error. */
export function refused(code: ServiceErrorCode): StoreError {
  return code === 'CONFLICT' ? conflict() : failed()
}
