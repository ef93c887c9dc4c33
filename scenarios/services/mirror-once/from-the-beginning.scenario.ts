import { mirrorOnceScenario } from './scenario.ts'

export default mirrorOnceScenario('mirror: begins again at each start', './from-the-beginning.ts')
