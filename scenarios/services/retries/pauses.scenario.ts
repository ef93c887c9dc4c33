import { retriesScenario } from './scenario.ts'

/** The warehouse fails once, and the order is passed over in the retry topic. */
export default retriesScenario('retry ladder: a message that is early is left alone', './pauses.ts')
