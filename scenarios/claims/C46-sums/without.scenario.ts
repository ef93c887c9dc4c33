import { summing } from './sums.ts'

/** The sum first, then the offset. */
export default summing('C46 sums without transactions', { transaction: false })
