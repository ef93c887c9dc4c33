import { movesTo } from './move.ts'

/** Begins at the offset of the old cluster, which the copy does not have; policy earliest. */
export default movesTo('C31 raw offsets, earliest', (committed) => committed)
