import { republishing } from './products.ts'

/** Republishes the whole batch, as the article's code does. */
export default republishing('C64 a failed batch is republished whole', 'all')
