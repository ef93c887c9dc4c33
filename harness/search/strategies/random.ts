import type { Fault, FaultKind } from '../../core/fault.ts'
import type { Stream } from '../../core/seed.ts'
import { faultsAt, type Place } from '../fault-menu.ts'
import { freshSeed, type Knowledge, type Strategy } from './strategy.interface.ts'

const FAULTS_MAX = 3
const TRIES = 8

/** Actor first: a process or a broker, then one of its events, then a kind. The baseline that every study keeps. */
export class Random implements Strategy {
  readonly name = 'random'

  next(random: Stream, knowledge: Knowledge): ReturnType<Strategy['next']> {
    const count = random.between(1, FAULTS_MAX)
    const faults = Array.from({ length: count }, () =>
      drawFault(random, knowledge, knowledge.menu.kinds),
    ).filter((fault) => fault !== null)
    return { ...freshSeed(random, knowledge), faults }
  }
}

/** One fault somewhere, or null where nothing fits after some tries. */
export function drawFault(
  random: Stream,
  { seen, menu }: Knowledge,
  kinds: readonly FaultKind[],
): Fault | null {
  if (kinds.length === 0 || seen.length === 0) return null
  const byActor = actorsOf(seen)
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const place = random.pick(random.pick(byActor))
    const options = faultsAt(random.pick(kinds), place, menu)
    if (options.length > 0) return random.pick(options)
  }
  return null
}

const actorsBySeen = new WeakMap<
  readonly Place[],
  { length: number; actors: readonly (readonly Place[])[] }
>()

function actorsOf(seen: readonly Place[]): readonly (readonly Place[])[] {
  const known = actorsBySeen.get(seen)
  if (known !== undefined && known.length === seen.length) return known.actors
  const actors = [
    ...Map.groupBy(seen, ({ event }) =>
      'process' in event && event.process !== null ? event.process : 'cluster',
    ).values(),
  ]
  actorsBySeen.set(seen, { length: seen.length, actors })
  return actors
}
