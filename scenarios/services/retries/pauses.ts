import { consumeLadder } from './consumer.ts'

/**
 * Stops the partition until the message is due, and leaves it alone: kafkajs takes the handler's
 * end for success, and goes on behind it.
 */
await consumeLadder(async ({ pause }, leftMs) => {
  const resume = pause()
  setTimeout(resume, leftMs)
  return false
})
