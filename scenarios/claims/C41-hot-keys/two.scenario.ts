import { clicksOf } from './clicks.ts'

/** All clicks of the page have its key; two partitions. */
export default clicksOf('C41 a hot key, two partitions', 2, () => 'hot')
