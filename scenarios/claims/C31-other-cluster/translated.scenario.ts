import { movesTo, translated } from './move.ts'

/** Begins where the record that is next has its place in the copy. */
export default movesTo('C31 translated offsets', translated)
