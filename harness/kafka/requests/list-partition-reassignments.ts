import { answerNow, type Served } from './handler.ts'

/** ListPartitionReassignments (46), version 0 (KIP-455): replicas stay where they are, so that there is none. */
export const listPartitionReassignments: Served = {
  key: 46,
  min: 0,
  max: 0,
  handler: answerNow<object>(
    () => ({ errorCode: 0, errorMessage: null, topics: [] }),
    (_context, errorCode) => ({ errorCode, errorMessage: null, topics: [] }),
  ),
}
