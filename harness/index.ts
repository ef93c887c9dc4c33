export { defineScenario } from './run/define.ts'
export { atLeastOnce, atMostOnce, exactlyOnce } from '../properties/index.ts'
export type * from './core/scenario.ts'
