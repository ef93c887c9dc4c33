import { drawFault, drawHolds, several } from './draw.ts'
import type { Strategy } from './strategy.interface.ts'
import { freshBase } from './workload.ts'

const DEPTH_MAX = 5
const FAULTS_MAX = 2

/**
 * After probabilistic concurrency testing (Burckhardt et al., ASPLOS 2010): d − 1 points of a run, each as likely as any
 * other, at which a message or a handler loses its turn; and, mostly, a fault or two. The length of a run is what the
 * last runs have shown. We delay instead of keeping priorities, because time, not a scheduler, orders events here: the
 * paper's bound on the chance to find a bug of depth d does not carry over.
 */
export const pct: Strategy = {
  name: 'pct',
  planned: () => 0,
  next({ random, knowledge }) {
    const depth = random.between(1, DEPTH_MAX)
    const holds = drawHolds(random, depth - 1, knowledge)
    const faults = random.oneIn(4, 5)
      ? several(random.between(1, FAULTS_MAX), () => drawFault(random, knowledge))
      : []
    return { ...freshBase(random, knowledge), faults, holds }
  },
}
