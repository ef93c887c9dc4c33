import { defineScenario, exactlyOnce } from 'onceover'
import { sleep, startService } from '../service.ts'

const RELAY_EVERY_MS = 500

/**
 * The transactional outbox: what an order does to the stock and the event that tells of it are rows
 * of one transaction. A relay in each process sends the rows in order and deletes a row once the
 * send is acknowledged: events are at least once, and what the order did is exactly once.
 */
export default defineScenario({
  name: 'stock: transactional outbox',
  topics: { orders: { partitions: 2 }, reserved: { partitions: 1 } },
  records: { orders: 6 },
  consumers: 2,
  guarantee: exactlyOnce(),
  app: (context) =>
    startService(context, {
      group: 'stock',
      topics: ['orders'],
      run: async (_, kafka) => {
        const producer = kafka.producer()
        await producer.connect()
        const { store } = context
        const sendFirst = async (): Promise<boolean> => {
          const { sent, event } = await store.transaction(async (tx) => {
            const sent = Number((await tx.get('outbox', 'sent')) ?? 0)
            return { sent, event: await tx.get('outbox', `row ${sent}`) }
          })
          if (event === undefined) return false
          await producer.send({ topic: 'reserved', messages: [{ value: String(event) }] })
          await store.transaction(async (tx) => {
            if (((await tx.get('outbox', 'sent')) ?? 0) === sent) await tx.put('outbox', 'sent', sent + 1)
          })
          return true
        }
        const relay = async (): Promise<void> => {
          while (!context.signal.aborted) if (!(await sendFirst())) await sleep(RELAY_EVERY_MS)
        }
        relay().catch(() => process.exit(1))
        return {
          eachMessage: async ({ topic, partition, message }) => {
            const { offset } = message
            const id = `${topic}/${partition}@${offset}`
            await store.transaction(async (tx) => {
              if ((await tx.get('inbox', id)) !== undefined) return
              await tx.put('inbox', id, true)
              const rows = Number((await tx.get('outbox', 'rows')) ?? 0)
              await tx.put('outbox', `row ${rows}`, JSON.stringify({ reserved: id }))
              await tx.put('outbox', 'rows', rows + 1)
              tx.effect({ topic, partition, offset }, 'reserved')
            })
          },
        }
      },
    }),
})
