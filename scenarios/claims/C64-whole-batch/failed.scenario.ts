import { republishing } from './products.ts'

/** Republishes the records that failed. */
export default republishing('C64 of a failed batch those are republished that failed', 'failed')
