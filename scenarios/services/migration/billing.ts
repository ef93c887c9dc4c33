import { setTimeout as sleep } from 'node:timers/promises'
import type { AppContext } from 'onceover'
import { clientOf, GROUP, orderOf, type Phase, phaseOf, TOPIC } from './moving.ts'

/** A consumer of kafkajs that starts again at this moment never ends. */
const ENDS_WITHIN_MS = 10_000

/** Bills orders from the cluster whose turn it is; a new process does so when that changes. */
export default async function billing(context: AppContext): Promise<void> {
  const cluster = await changed(context, 'moving')
  if (cluster === 'moving') return
  const { effects } = context
  const consumer = clientOf(context, cluster).consumer({ groupId: GROUP })
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart) process.exit(1)
  })
  process.once('SIGTERM', async () => {
    await consumer.disconnect()
    process.exit(0)
  })
  await consumer.connect()
  await consumer.subscribe({ topics: [TOPIC], fromBeginning: true })
  await consumer.run({
    eachMessage: async ({ topic, partition, message: { value, offset } }) => {
      if (orderOf(value).test) effects.skip({ topic, partition, offset }, 'a test')
      else await effects.record({ topic, partition, offset }, 'bill')
    },
  })
  await changed(context, cluster)
  setTimeout(() => process.exit(0), ENDS_WITHIN_MS)
  await consumer.disconnect()
  process.exit(0)
}

/** Waits for another phase than this one. */
async function changed({ store }: AppContext, from: Phase): Promise<Phase> {
  for (;;) {
    const phase = await phaseOf(store).catch(() => from)
    if (phase !== from) return phase
    await sleep(1_000)
  }
}
