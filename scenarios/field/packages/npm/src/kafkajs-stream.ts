// As its README pipes a ConsumerStream into a Writable.
import { Writable } from 'node:stream'
import kafkajs from 'kafkajs'
import { ConsumerObjectStream } from 'kafkajs-stream'
import type { AppContext } from 'onceover'
import { endOnSigterm } from './ends.ts'

export default async function main(context: AppContext): Promise<void> {
  const kafka = new kafkajs.Kafka({ brokers: [...context.brokers], clientId: context.instance, logLevel: 0 })
  const stream = new ConsumerObjectStream(kafka, {
    config: { groupId: 'orders' },
    topics: [{ topic: 'orders', fromBeginning: true }],
  })
  stream.on('error', () => process.exit(1))
  endOnSigterm(() => stream.destroy())
  stream.pipe(
    new Writable({
      objectMode: true,
      write: (message, _encoding, done) => {
        context.effects
          .record({ topic: 'orders', partition: JSON.parse(String(message.value)).id % 2, offset: message.offset })
          .then(() => done(), done)
      },
    }),
  )
}
