import { sagaScenario } from './scenario.ts'

/** A result that comes again gives a piece back that was never taken. */
export default sagaScenario('saga: compensates each time that it is told to', './compensates-again.ts')
