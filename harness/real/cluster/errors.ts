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

/** @throws RealClusterError where the code is an error */
export function demand(what: string, errorCode: unknown): void {
  if (errorCode !== 0)
    throw new RealClusterError(`the cluster refused to ${what}: ${errorName(Number(errorCode))}`)
}
