import { atLeastOnce, defineScenario } from 'onceover'
import { next, startService } from '../service.ts'

/** Sends a record that can never succeed to a dead-letter topic, waits until it is there, and goes on. */
export default defineScenario({
  name: 'M27 twin: tax service gives a poison record to a dead-letter topic',
  topics: { taxes: { partitions: 1 }, 'taxes.dead': { partitions: 1 } },
  records: { taxes: 4 },
  consumers: 2,
  guarantee: atLeastOnce({ deadLetter: 'taxes.dead' }),
  faults: ['crash', 'pause', 'rebalance', 'network', 'broker', 'handler', 'store', 'poison'],
  app: (context) =>
    startService(context, {
      group: 'taxes',
      topics: ['taxes'],
      run: async (consumer, kafka) => {
        const producer = kafka.producer()
        await producer.connect()
        return {
          autoCommit: false,
          eachMessage: async ({ topic, partition, message }) => {
            const { key, value, offset } = message
            if (String(value).endsWith('}'))
              await context.effects.record({ topic, partition, offset }, 'taxed')
            else await producer.send({ topic: 'taxes.dead', messages: [{ key, value }] })
            await consumer.commitOffsets([{ topic, partition, offset: next(offset) }])
          },
        }
      },
    }),
})
