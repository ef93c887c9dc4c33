import { writeFileSync } from 'node:fs'
import path from 'node:path'

interface Consumer {
  /** The body of the handler; `message` and `work(message)`, which reports an effect, are there. */
  readonly body: string
  readonly name?: string
  readonly records?: number
  /** Default: after the work. */
  readonly commits?: 'before' | 'after'
}

/** Writes `<base>.mjs`, a scenario with one such consumer. */
export function scenarioFile(folder: string, base: string, consumer: Consumer): string {
  const { body, name = base, records = 6, commits = 'after' } = consumer
  const file = path.join(folder, `${base}.mjs`)
  const commit =
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the scenario's
    'await consumer.commitOffsets([{ topic, partition, offset: `${BigInt(message.offset) + 1n}` }])'
  writeFileSync(
    file,
    `import { Kafka, logLevel } from 'kafkajs'
import { atLeastOnce, defineScenario } from 'onceover'

export default defineScenario({
  name: '${name}',
  topics: { orders: { partitions: 1 } },
  records: { orders: ${records} },
  consumers: 1,
  effects: 'reported',
  faults: ['crash'],
  guarantee: atLeastOnce(),
  app: async (context) => {
    const kafka = new Kafka({ clientId: context.instance, brokers: context.brokers, logLevel: logLevel.NOTHING })
    const consumer = kafka.consumer({ groupId: 'billing' })
    process.once('SIGTERM', () => consumer.disconnect().then(() => process.exit(0)))
    await consumer.connect()
    await consumer.subscribe({ topics: ['orders'], fromBeginning: true })
    await consumer.run({
      autoCommit: false,
      eachMessage: async ({ topic, partition, message }) => {
        const work = ({ offset }) => context.effects.record({ topic, partition, offset }, 'saved')
        ${commits === 'before' ? commit : ''}
        ${body}
        ${commits === 'after' ? commit : ''}
      },
    })
  },
})
`,
  )
  return file
}
