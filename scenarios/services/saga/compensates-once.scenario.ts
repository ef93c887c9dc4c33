import { sagaScenario } from './scenario.ts'

export default sagaScenario('saga: compensates once', './compensates-once.ts')
