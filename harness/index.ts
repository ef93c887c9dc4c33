export { atLeastOnce, atMostOnce, exactlyOnce } from '../properties/index.ts'
export type * from './core/scenario.ts'
export { defineScenario } from './run/define.ts'
