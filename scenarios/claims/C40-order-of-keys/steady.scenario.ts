import { pricesInOrder } from './prices.ts'

/** The number of partitions stays. */
export default pricesInOrder('C40 as many partitions as before', ['crash', 'join', 'leave'])
