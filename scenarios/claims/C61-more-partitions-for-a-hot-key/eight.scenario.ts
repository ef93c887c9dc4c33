import { clicksOf } from '../C41-hot-keys/clicks.ts'

/** All clicks of the page have its key; eight partitions. */
export default clicksOf('C61 a hot key, eight partitions', 8, () => 'hot')
