import { expect, it } from 'vitest'
import { type ApiName, ERROR_CODES, encodeResponse, handlerOf } from '../index.ts'
import { KAFKAJS_REQUESTS } from '../wire/testing/kafkajs-requests.ts'

/** Requests that a fault may refuse, in the versions that kafkajs speaks. */
const REFUSED: readonly (readonly [keyof typeof KAFKAJS_REQUESTS & ApiName, number])[] = [
  ['Produce', 7],
  ['Fetch', 11],
  ['ListOffsets', 3],
  ['FindCoordinator', 2],
  ['JoinGroup', 5],
  ['SyncGroup', 3],
  ['Heartbeat', 3],
  ['LeaveGroup', 3],
  ['OffsetCommit', 5],
  ['OffsetFetch', 4],
  ['TxnOffsetCommit', 1],
  ['AddPartitionsToTxn', 1],
  ['AddOffsetsToTxn', 1],
  ['EndTxn', 1],
]

it.each(REFUSED)('%s is refused with what the request says, and nothing else', (api, version) => {
  const handler = handlerOf(api, version)
  // Where the gate before a real broker refuses, there is no cluster to ask.
  const context = { version, body: KAFKAJS_REQUESTS[api].body } as never
  const refused = handler?.(context).refuse('UNKNOWN_SERVER_ERROR') as never
  const { UNKNOWN_SERVER_ERROR } = ERROR_CODES
  // AddPartitionsToTxn says it of each partition.
  expect(JSON.stringify(refused, (_, value) => (typeof value === 'bigint' ? `${value}` : value))).toMatch(
    new RegExp(`"(e|partitionE)rrorCode":${UNKNOWN_SERVER_ERROR}`),
  )
  expect(encodeResponse(api, version, 1, refused).length).toBeGreaterThan(0)
})
