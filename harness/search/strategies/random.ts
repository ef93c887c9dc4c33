import { drawFault, several } from './draw.ts'
import type { Strategy } from './strategy.interface.ts'
import { freshBase } from './workload.ts'

const FAULTS_MAX = 3

/** One to three faults, actor first. The baseline that every study keeps in the mix. */
export const random: Strategy = {
  name: 'random',
  planned: () => 0,
  next({ random, knowledge }) {
    const faults = several(random.between(1, FAULTS_MAX), () => drawFault(random, knowledge))
    return { ...freshBase(random, knowledge), faults }
  },
}
