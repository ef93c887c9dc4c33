import { retriesScenario } from './scenario.ts'

export default retriesScenario('retry ladder: a message that is early is waited for', './waits.ts')
