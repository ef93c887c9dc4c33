import { Kafka, logLevel } from 'kafkajs'
import { atLeastOnce } from '../../properties/index.ts'
import type { AppContext, Scenario } from '../core/scenario.ts'
import { Consumer } from '../poll-loop/index.ts'

/** The plainest correct consumer: one group, one topic, a handler that does nothing. */
export async function plainConsumer(context: AppContext): Promise<void> {
  const kafka = new Kafka({
    clientId: context.instance,
    brokers: context.brokers,
    logLevel: logLevel.NOTHING,
  })
  const consumer = kafka.consumer({ groupId: 'bench' })
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart) process.exit(1)
  })
  process.on('SIGTERM', () => {
    consumer.disconnect().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  })
  await consumer.connect()
  await consumer.subscribe({ topics: ['work'], fromBeginning: true })
  await consumer.run({ eachMessage: async () => {} })
}

export interface Size {
  readonly processes: number
  readonly partitions: number
  readonly records: number
}

export function plainScenario({ processes, partitions, records }: Size): Scenario {
  return {
    name: `plain consumer, ${processes} processes, ${partitions} partitions, ${records} records`,
    topics: { work: { partitions } },
    records: { work: records },
    consumers: processes,
    app: plainConsumer,
    guarantee: atLeastOnce(),
  }
}

/** The smallest loop: read, report the effect, commit. */
async function loop({ brokers, effects }: AppContext): Promise<void> {
  const consumer = new Consumer({
    'bootstrap.servers': brokers,
    'group.id': 'bench',
    'auto.offset.reset': 'earliest',
    'enable.auto.commit': false,
  })
  consumer.subscribe(['work'])
  for (;;) {
    const records = await consumer.poll(1_000)
    for (const record of records) await effects.record(record, 'done')
    if (!records.isEmpty) await consumer.commitSync()
  }
}

export function loopScenario(): Scenario {
  return {
    name: 'poll loop, 1 process, 1 partition, 4 records',
    topics: { work: { partitions: 1 } },
    records: { work: 4 },
    consumers: 1,
    app: loop,
    guarantee: atLeastOnce(),
  }
}
