import { appOf, appsOf } from '../processes.ts'
import { fault } from './fault.ts'
import { processEvent } from './shown-by.ts'
import { process } from './targets.ts'

/** SIGTERM, and nobody starts the process again before the drain. */
export const leave = fault({
  kind: 'leave',
  family: 'rebalance',
  target: process,
  acts: 'instant',
  handsOver: true,
  effect: 'SIGTERM, and nobody starts it again before the drain',
  words: ({ target }) => `SIGTERM to ${target}, not started again`,
  shownBy: processEvent('process-terminating'),
  told: () => null,
  targets: ({ event }, around) =>
    process.at(event, around).filter((each) => {
      const { processes, atLeast } = appsOf(around)[appOf(each)] ?? { processes: 0, atLeast: 0 }
      return processes > atLeast
    }),
})
