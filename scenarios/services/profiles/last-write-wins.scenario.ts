import { profilesScenario } from './scenario.ts'

/**
 * A process is paused before its statement is sent, and others have written newer ones meanwhile.
 */
export default profilesScenario('profiles: the last write wins', './last-write-wins.ts')
