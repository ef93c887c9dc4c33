import type { Stream } from '../../core/seed.ts'
import { drawHold } from './holds.ts'
import { drawFault } from './random.ts'
import { freshSeed, type Knowledge, type Strategy } from './strategy.interface.ts'

const FAULTS_MAX = 5
const HOLDS_MAX = 4

/** Swarm testing (Groce et al., ISSTA 2012): each run knows only some kinds of fault; a quarter of the runs, none. */
export class Swarm implements Strategy {
  readonly name = 'swarm'

  next(random: Stream, knowledge: Knowledge): ReturnType<Strategy['next']> {
    const calm = random.oneIn(1, 4)
    const kinds = calm ? [] : knowledge.menu.kinds.filter(() => random.oneIn(1, 3))
    const faults = Array.from({ length: random.between(1, FAULTS_MAX) }, () =>
      drawFault(random, knowledge, kinds),
    ).filter((fault) => fault !== null)
    const holds = Array.from({ length: random.between(0, HOLDS_MAX) }, () =>
      drawHold(random, knowledge.seen),
    ).filter((hold) => hold !== null)
    return { ...freshSeed(random, knowledge), faults, holds }
  }
}
