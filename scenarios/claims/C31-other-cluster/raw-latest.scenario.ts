import { movesTo } from './move.ts'

/** Begins at the offset of the old cluster, which the copy does not have; policy latest. */
export default movesTo('C31 raw offsets, latest', (committed) => committed, 'latest')
