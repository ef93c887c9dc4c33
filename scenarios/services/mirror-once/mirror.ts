import { Consumer, Producer } from 'onceover/poll-loop'

export const ORDERS = { topic: 'orders', partition: 0 }
export const TARGET = (process.env['TARGET_BROKERS'] ?? '').split(',')
const SOURCE = (process.env['SOURCE_BROKERS'] ?? '').split(',')
/** A copy says in this header which offset its original has. */
export const ORIGIN = 'origin'

/**
 * Copies orders in transactions of the target, which can hold no offset of the source: where to
 * begin is for `next` to say, once the transactions of a former mirror are ended.
 */
export async function mirror(next: () => Promise<bigint>): Promise<void> {
  const producer = new Producer({ 'bootstrap.servers': TARGET, 'transactional.id': 'mirror' })
  await producer.initTransactions()
  const consumer = new Consumer({
    'bootstrap.servers': SOURCE,
    'group.id': 'mirror',
    'enable.auto.commit': false,
    'max.poll.records': 2,
    'fetch.max.wait.ms': 5_000,
  })
  consumer.assign([ORDERS])
  consumer.seek(ORDERS, await next())
  for (;;) {
    const records = await consumer.poll(5_000)
    if (records.isEmpty) continue
    producer.beginTransaction()
    for (const { key, value, offset } of records) {
      const headers = [{ key: ORIGIN, value: Buffer.from(String(offset)) }]
      // Where one is not written, the commit fails, and with it the process.
      producer.send({ ...ORDERS, key, value, headers }).catch(() => {})
    }
    await producer.commitTransaction()
  }
}
