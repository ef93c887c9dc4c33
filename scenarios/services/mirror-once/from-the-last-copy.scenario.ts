import { mirrorOnceScenario } from './scenario.ts'

export default mirrorOnceScenario('mirror: begins behind the last copy', './from-the-last-copy.ts')
