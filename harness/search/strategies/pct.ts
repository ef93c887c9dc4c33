import { drawFault, drawHolds, extended, ground, several } from './draw.ts'
import type { Strategy } from './strategy.interface.ts'

const DEPTH_MAX = 5
const FAULTS_MAX = 2

/**
 * After probabilistic concurrency testing (Burckhardt et al., ASPLOS 2010): d − 1 points of a run,
 * each as likely as any other, at which a message or a handler loses its turn; and, mostly, a
 * fault. The length of a run is what one of the last runs has shown. We delay instead of keeping
 * priorities, because time, not a scheduler, orders events here: the paper's bound on the chance to
 * find a bug of depth d does not carry over.
 */
export const pct: Strategy = {
  name: 'pct',
  planned: () => 0,
  has: () => true,
  next({ random, knowledge }) {
    const { schedule, run } = ground(random, knowledge, FAULTS_MAX)
    const holds = drawHolds(random, random.between(1, DEPTH_MAX) - 1, run)
    const more = schedule.faults.length < FAULTS_MAX && random.oneIn(4, 5)
    const faults = more ? several(1, () => drawFault(random, run)) : []
    return extended({ ...schedule, holds: [] }, { faults, holds })
  },
}
