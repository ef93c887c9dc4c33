import { migrationScenario } from './scenario.ts'

export default migrationScenario('migration: offsets are translated by the copy', './by-copy.ts')
