import { pointsScenario } from './scenario.ts'

export default pointsScenario('points in Redis: remembered for ten seconds', './short-memory.ts')
