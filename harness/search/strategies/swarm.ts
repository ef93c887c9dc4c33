import { FAULT_FAMILIES, type FaultKind } from '../../core/fault.ts'
import type { Schedule } from '../../core/schedule.ts'
import type { Stream } from '../../core/seed.ts'
import type { Knowledge } from '../knowledge.ts'
import { drawFaultOf, drawHolds, several } from './draw.ts'
import type { Strategy } from './strategy.interface.ts'
import { freshBase, spread } from './workload.ts'

const FAULTS_MAX = 5
const HOLDS_MAX = 4
const HOLDS_MAX_CALM = 8
/** A kind that is drawn at all is up to 64 times as likely as another. */
const WEIGHTS = [1, 4, 16, 64] as const

/**
 * Swarm testing (Groce et al., ISSTA 2012): each run leaves families of faults out, and likes some of the kinds that are
 * left far better than others. A quarter of the runs has no fault at all, but holds and records that come late.
 */
export const swarm: Strategy = {
  name: 'swarm',
  planned: () => 0,
  next({ random, knowledge }) {
    const base = freshBase(random, knowledge)
    if (random.oneIn(1, 4)) return calm(random, base, knowledge)
    const bag = weightedKinds(random, knowledge)
    if (bag.length === 0) return calm(random, base, knowledge)
    const faults = several(random.between(1, FAULTS_MAX), () =>
      drawFaultOf(random.pick(bag), random, knowledge),
    )
    const holds = drawHolds(random, random.between(0, HOLDS_MAX), knowledge)
    return { ...base, faults, holds }
  },
}

function calm(random: Stream, base: Schedule, knowledge: Knowledge): Schedule {
  const holds = drawHolds(random, random.between(1, HOLDS_MAX_CALM), knowledge)
  const held = { ...base, faults: [], holds }
  return random.oneIn(1, 3) ? spread(random, held) : held
}

/** Each kind as often as it weighs. */
function weightedKinds(random: Stream, { byKind }: Knowledge): FaultKind[] {
  return Object.values(FAULT_FAMILIES).flatMap((family) =>
    random.oneIn(1, 2)
      ? family.flatMap((kind) =>
          byKind.has(kind) && random.oneIn(2, 3)
            ? Array.from({ length: random.pick(WEIGHTS) }, () => kind)
            : [],
        )
      : [],
  )
}
