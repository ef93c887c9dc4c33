import { pointsScenario } from './scenario.ts'

export default pointsScenario('points in Redis: remembered for a week', './long-memory.ts')
