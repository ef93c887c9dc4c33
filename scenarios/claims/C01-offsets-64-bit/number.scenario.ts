import { ordersBeyond } from './orders.ts'

/** Takes offsets for numbers. */
export default ordersBeyond('C01 offsets as numbers', (offset) => String(Number(offset) + 1))
