import { Consumer } from 'onceover/poll-loop'
import { mirror, ORDERS, ORIGIN, TARGET } from './mirror.ts'

/** Behind the original of the last copy, which the header of the copy tells. */
async function next(): Promise<bigint> {
  const reader = new Consumer({
    'bootstrap.servers': TARGET,
    'isolation.level': 'read_committed',
    'enable.auto.commit': false,
  })
  reader.assign([ORDERS])
  reader.seekToBeginning([ORDERS])
  const [end] = await reader.endOffsets([ORDERS])
  let offset = 0n
  while ((await reader.position(ORDERS)) < (end?.offset ?? 0n)) {
    for (const { headers } of await reader.poll(5_000)) {
      const origin = headers.find(({ key }) => key === ORIGIN)
      if (origin !== undefined) offset = BigInt(String(origin.value)) + 1n
    }
  }
  await reader.close()
  return offset
}

await mirror(next)
