import { Consumer, MessagesStreamFallbackModes, MessagesStreamModes } from '@platformatic/kafka'
import { type AppContext, atLeastOnce, defineScenario } from 'onceover'
import { sleep, startService } from '../../service.ts'

/** A service on kafkajs, and 10 s later a canary on @platformatic/kafka in the same group. */
export default defineScenario({
  name: 'C70 a canary on another client',
  topics: { orders: { partitions: 2 } },
  records: { orders: 6 },
  consumers: 2,
  guarantee: atLeastOnce(),
  effects: 'reported',
  faults: ['crash'],
  app: (context) => (context.instance === 'consumer-1' ? canary(context) : old(context)),
})

function old(context: AppContext): Promise<void> {
  return startService(context, {
    group: 'orders',
    topics: ['orders'],
    run: () => ({
      eachMessage: async ({ topic, partition, message: { offset } }) =>
        context.effects.record({ topic, partition, offset }, 'saved'),
    }),
  })
}

async function canary({ brokers, instance, incarnation, effects }: AppContext): Promise<void> {
  // It is started once, and watched.
  if (incarnation > 1) return
  await sleep(10_000)
  const consumer = new Consumer({ clientId: instance, groupId: 'orders', bootstrapBrokers: [...brokers] })
  process.once('SIGTERM', () => void consumer.close(true).then(() => process.exit(0)))
  consumer.on('error', () => {})
  try {
    const stream = await consumer.consume({
      topics: ['orders'],
      mode: MessagesStreamModes.COMMITTED,
      fallbackMode: MessagesStreamFallbackModes.EARLIEST,
      autocommit: false,
    })
    for await (const message of stream) {
      await effects.record(message, 'saved')
      await message.commit()
    }
  } catch {
    // Refused: whoever watches the canary is to see it.
  }
}
