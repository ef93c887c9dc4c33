import { errorName } from '../../kafka/index.ts'

/**
 * Something about the real cluster, or about what it runs on, that is nobody's verdict: exit code
 * 4.
 */
export class RealClusterError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'RealClusterError'
  }
}

/**
 * Troubles of a machine or a cluster (no space, no such address, no answer) in one sentence; a
 * defect of the harness stays what it is.
 */
export function clusterErrorOf(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const { message, cause } = error
  const named = ['BrokerGone', 'ToxiproxyError'].includes(error.name)
  if (named || isSystemError(error)) return new RealClusterError(message, { cause: error })
  if (message === 'fetch failed' && isSystemError(cause))
    return new RealClusterError(`Toxiproxy could not be reached: ${(cause as Error).message}`, {
      cause: error,
    })
  return error
}

/** As Node gives them: with the call that failed. */
function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && typeof error.syscall === 'string'
}

/** @throws RealClusterError where the code is an error */
export function demand(what: string, errorCode: unknown): void {
  if (errorCode !== 0)
    throw new RealClusterError(`the cluster refused to ${what}: ${errorName(Number(errorCode))}`)
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
