import { healthScenario } from './scenario.ts'

/** After an error that kafkajs does not retry the process lives on, and consumes nothing. */
export default healthScenario('health: well as long as the web server answers', './answers.ts')
