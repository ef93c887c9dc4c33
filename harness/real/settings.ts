import { UsageError } from '../core/errors.ts'

/** Defaults of a replay on a real cluster. */
export const RELEASE_DEFAULT = '4.1.0'
export const TIMES_DEFAULT = 10
/** Of what a check has just found. */
export const CONFIRM_TIMES_DEFAULT = 3

export interface ReplayOnRealOptions {
  /** How many times; default 10. */
  readonly times?: number
  /** `local`, or `brokers=host:port`; default: what can be had here. */
  readonly provider?: string
  /** The Kafka release; default `4.1.0`. */
  readonly release?: string
  /**
   * Shorter sessions, where the schedule means the same with them, and shorter waits; default true.
   */
  readonly hurry?: boolean
}

const PROVIDERS = ['docker', 'local', 'testcontainers']
export const BROKERS = 'brokers='

/** @throws UsageError where an option can't be meant */
export function demandRealOptions({
  provider,
  times,
}: Pick<ReplayOnRealOptions, 'provider' | 'times'>): void {
  if (provider !== undefined && !provider.startsWith(BROKERS) && !PROVIDERS.includes(provider))
    throw new UsageError(
      'unknown-option',
      `there is no provider '${provider}'; choose ${PROVIDERS.join(', ')} or brokers=host:port`,
    )
  if (times !== undefined && (!Number.isSafeInteger(times) || times < 1))
    throw new UsageError('unknown-option', `times takes a whole number from 1 on, not ${times}`)
}
