import { profilesScenario } from './scenario.ts'

export default profilesScenario('profiles: the newest version wins', './newest-wins.ts')
