import { UsageError } from '../core/errors.ts'
import { framesHere, packagesOf, userFrame } from './call-site.ts'
import type { Proc } from './process.ts'

const STAND_IN =
  'put it into the services of the scenario (docs/services.md), stand in for it with context.store or context.effects, or give the app a module of your own'

/**
 * Ends the run: code under test reached for what a simulation can't give, and whatever it makes of
 * the error, nothing that it does from here on says anything about it.
 * @param does what it did, as a verb: `calls child_process.spawn`
 * @param instead what to write instead
 */
export function leave(process: Proc, does: string, instead: string): UsageError {
  return leaveFrom(process, framesHere(), does, instead)
}

/** Ends the run because of a call to a host that the scenario doesn't have. */
export function leaveForHost(process: Proc, host: string, port: number | null): UsageError {
  const frames = framesHere()
  const { network, adviceFor } = process.host
  const known = network.addresses()
  const hosts = known.length === 0 ? 'which has no hosts' : `whose hosts are ${known.join(', ')}`
  const does = port === null ? `looks up the host '${host}'` : `connects to ${host}:${port}`
  const advice = adviceFor?.({ host, port, packages: packagesOf(frames) }) ?? STAND_IN
  return leaveFrom(process, frames, does, advice, hosts)
}

function leaveFrom(
  process: Proc,
  frames: readonly string[],
  does: string,
  instead: string,
  details?: string,
): UsageError {
  const place = [userFrame(frames), throughPackage(frames)].filter((each) => each !== null).join(', ')
  const where = place === '' ? '' : ` (${place})`
  const border = details === undefined ? 'outside the simulation' : `outside the simulation, ${details}`
  const error = new UsageError(
    'unsupported-in-simulation',
    `${process.name} ${does}${where}: that is ${border}; ${instead}`,
  )
  process.host.stopFor(error)
  return error
}

function throughPackage(frames: readonly string[]): string | null {
  const [first] = packagesOf(frames)
  return first === undefined ? null : `in package ${first}`
}
