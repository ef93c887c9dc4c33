import { copies, mirror } from './mirror.ts'

/** The offsets are committed once the other cluster has acknowledged the copies. */
await mirror(async (payload, producer) => {
  await producer.send(copies(payload))
  payload.resolveOffset(payload.batch.lastOffset())
  await payload.commitOffsetsIfNecessary(payload.uncommittedOffsets())
})
