import { mirrorScenario } from './scenario.ts'

export default mirrorScenario('mirror: commits once the copies are acknowledged', './copies-first.ts')
