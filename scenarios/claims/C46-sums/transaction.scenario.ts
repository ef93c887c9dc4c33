import { summing } from './sums.ts'

/** Sum and offset in one transaction. */
export default summing('C46 sums in transactions', { transaction: true })
