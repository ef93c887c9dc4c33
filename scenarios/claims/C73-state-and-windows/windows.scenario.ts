import { summing } from '../C46-sums/sums.ts'

/**
 * Counts by the time of the event, in windows of 10 s: five records in the first window, six in the
 * second, as they arrive in turn.
 */
export default summing('C73 counts in windows of event time', {
  transaction: true,
  seconds: [1, 11, 2, 12, 3, 13, 4, 14, 5, 15, 16],
  sumOf: ({ value }) => `window ${Math.floor((Number(value) - 1) / 10)}`,
})
