import type { Stream } from '../../core/seed.ts'
import { drawHold } from './holds.ts'
import { drawFault } from './random.ts'
import { freshSeed, type Knowledge, type Strategy } from './strategy.interface.ts'

const DEPTH_MAX = 5

/**
 * After probabilistic concurrency testing (Burckhardt et al., ASPLOS 2010): d − 1 points of the run, chosen evenly over
 * the events that runs have shown so far, at which a message or a handler loses its turn; and one fault, mostly. We
 * delay instead of keeping priorities, because time, not a scheduler, orders events here.
 */
export class Pct implements Strategy {
  readonly name = 'pct'

  next(random: Stream, knowledge: Knowledge): ReturnType<Strategy['next']> {
    const depth = random.between(1, DEPTH_MAX)
    const holds = Array.from({ length: depth - 1 }, () => drawHold(random, knowledge.seen)).filter(
      (hold) => hold !== null,
    )
    const fault = random.oneIn(4, 5) ? drawFault(random, knowledge, knowledge.menu.kinds) : null
    return { ...freshSeed(random, knowledge), faults: fault === null ? [] : [fault], holds }
  }
}
