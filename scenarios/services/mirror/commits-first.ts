import { copies, mirror } from './mirror.ts'

/** The offsets are committed while the copies are under way: what is not there yet is lost. */
await mirror(async (payload, producer) => {
  const sent = producer.send(copies(payload))
  payload.resolveOffset(payload.batch.lastOffset())
  await payload.commitOffsetsIfNecessary(payload.uncommittedOffsets())
  await sent
})
