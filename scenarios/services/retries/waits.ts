import { setTimeout } from 'node:timers/promises'
import { consumeLadder } from './consumer.ts'

const BEAT_MS = 3_000

/** Waits in the handler until the message is due, and tells the group meanwhile that it lives. */
await consumeLadder(async ({ heartbeat }, leftMs) => {
  for (let left = leftMs; left > 0; left -= BEAT_MS) {
    await setTimeout(Math.min(left, BEAT_MS))
    await heartbeat()
  }
  return true
})
