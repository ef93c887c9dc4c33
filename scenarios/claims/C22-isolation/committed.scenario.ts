import { withTransactions } from './payments.ts'

/** Reads with isolation.level read_committed. */
export default withTransactions('C22 read_committed', 'read_committed')
