import { healthScenario } from './scenario.ts'

export default healthScenario('health: well as long as the consumer is', './consumes.ts')
