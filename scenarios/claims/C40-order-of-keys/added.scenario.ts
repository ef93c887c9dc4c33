import { pricesInOrder } from './prices.ts'

/** Partitions are added while the producer goes on. */
export default pricesInOrder('C40 partitions are added', ['partitions-added'])
