import { mirrorScenario } from './scenario.ts'

export default mirrorScenario('mirror: commits before the copies are acknowledged', './commits-first.ts')
