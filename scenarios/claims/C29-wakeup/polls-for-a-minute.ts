import type { AppContext } from 'onceover'
import { Consumer, KafkaException } from 'onceover/poll-loop'

export async function runsUntilSigterm(
  context: AppContext,
  onSigterm: (consumer: Consumer) => void,
): Promise<void> {
  const consumer = new Consumer({
    'bootstrap.servers': context.brokers,
    'group.id': 'orders',
    'auto.offset.reset': 'earliest',
    'enable.auto.commit': false,
  })
  let ending = false
  process.once('SIGTERM', () => {
    ending = true
    onSigterm(consumer)
  })
  consumer.subscribe(['orders'])
  while (!ending) {
    try {
      const records = await consumer.poll(60_000)
      for (const record of records) await context.effects.record(record, 'saved')
      if (!records.isEmpty) await consumer.commitSync()
    } catch (error) {
      const known = ['WakeupException', 'CommitFailedException', 'RebalanceInProgressException']
      if (!(error instanceof KafkaException) || !known.includes(error.name)) throw error
    }
  }
  await consumer.close()
  process.exit(0)
}
