import { next } from '../../service.ts'
import { ordersBeyond } from './orders.ts'

/** Takes offsets for what they are. */
export default ordersBeyond('C01 offsets as bigint', next)
