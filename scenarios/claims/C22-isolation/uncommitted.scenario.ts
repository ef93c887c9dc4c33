import { withTransactions } from './payments.ts'

/** Reads with isolation.level read_uncommitted. */
export default withTransactions('C22 read_uncommitted', 'read_uncommitted')
