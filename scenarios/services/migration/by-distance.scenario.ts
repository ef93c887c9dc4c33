import { migrationScenario } from './scenario.ts'

export default migrationScenario('migration: offsets are translated by distance', './by-distance.ts')
