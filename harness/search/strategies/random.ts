import { drawFault, extended, ground, several } from './draw.ts'
import type { Strategy } from './strategy.interface.ts'

const FAULTS_MAX = 3

/**
 * One to three faults, actor first: the baseline that every study keeps in the mix. A half of the
 * schedules adds one fault to a run that had some already, after the last of them, because faults
 * drawn all at once from a run without faults mostly wait for events that no longer happen.
 */
export const random: Strategy = {
  name: 'random',
  planned: () => 0,
  has: () => true,
  next({ random, knowledge }) {
    const { schedule, run } = ground(random, knowledge, FAULTS_MAX - 1)
    const count = schedule.faults.length === 0 ? random.between(1, FAULTS_MAX) : 1
    return extended(schedule, { faults: several(count, () => drawFault(random, run)) })
  },
}
