import { FAULT_FAMILIES, type FaultKind } from '../../core/fault.ts'
import type { Schedule } from '../../core/schedule.ts'
import type { Stream } from '../../core/seed.ts'
import type { LearntRun } from '../learnt-run.ts'
import { drawFaultOf, drawHolds, extended, freshGround, type Ground, ground, several } from './draw.ts'
import type { Strategy } from './strategy.interface.ts'
import { spread } from './workload.ts'

const FAULTS_MAX = 5
const HOLDS_MAX = 4
const HOLDS_MAX_CALM = 8
/** A kind that is drawn at all is up to 64 times as likely as another. */
const WEIGHTS = [1, 4, 16, 64] as const

/**
 * Swarm testing (Groce et al., ISSTA 2012): each run leaves families of faults out, and likes some
 * of the kinds that are left far better than others. A quarter of the runs has no fault at all, but
 * holds and records that come late.
 */
export const swarm: Strategy = {
  name: 'swarm',
  planned: () => 0,
  has: () => true,
  next({ random, knowledge }) {
    if (random.oneIn(1, 4)) return calm(random, freshGround(random, knowledge))
    const { schedule, run } = ground(random, knowledge, FAULTS_MAX - 1)
    const bag = drawBag(random, run)
    if (bag.total === 0) return calm(random, freshGround(random, knowledge))
    const faultsMax = FAULTS_MAX - schedule.faults.length
    const faults = several(random.between(1, faultsMax), () => {
      const kind = drawFrom(bag, random)
      return kind === null ? null : drawFaultOf(kind, random, run)
    })
    const holds = drawHolds(random, random.between(0, HOLDS_MAX), run)
    return extended({ ...schedule, holds: [] }, { faults, holds })
  },
}

function calm(random: Stream, { schedule, run }: Ground): Schedule {
  const held = extended(schedule, { holds: drawHolds(random, random.between(1, HOLDS_MAX_CALM), run) })
  return random.oneIn(1, 3) ? spread(random, held) : held
}

interface Bag {
  readonly kinds: readonly { readonly kind: FaultKind; readonly upTo: number }[]
  readonly total: number
}

function drawBag(random: Stream, { menu }: LearntRun): Bag {
  const kinds: { kind: FaultKind; upTo: number }[] = []
  let total = 0
  for (const family of Object.values(FAULT_FAMILIES)) {
    // A family that is not on the menu takes no draw: a new one changes no schedule without it.
    if (!family.some((kind) => menu.kinds.includes(kind)) || random.oneIn(1, 2)) continue
    for (const kind of family) {
      if (!menu.kinds.includes(kind) || !random.oneIn(2, 3)) continue
      total += random.pick(WEIGHTS)
      kinds.push({ kind, upTo: total })
    }
  }
  return { kinds, total }
}

function drawFrom({ kinds, total }: Bag, random: Stream): FaultKind | null {
  const ticket = random.below(total)
  return kinds.find(({ upTo }) => ticket < upTo)?.kind ?? null
}
