import { clicksOf } from '../C41-hot-keys/clicks.ts'

/** The key of a click has one of four numbers behind it; four partitions. */
export default clicksOf('C72 a salted key', 4, (click) => `hot#${click % 4}`)
