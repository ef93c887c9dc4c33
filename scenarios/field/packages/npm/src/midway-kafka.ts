// A @KafkaConsumer class, its decorators called by hand.
import * as core from '@midwayjs/core'
import * as kafka from '@midwayjs/kafka'
import type { AppContext } from 'onceover'
import { endOnSigterm } from './ends.ts'

const SILENT = { transports: { console: false, file: false, error: false, json: false } }

export default async function main(context: AppContext): Promise<void> {
  class OrderConsumer {
    async eachMessage({ topic, partition, message }) {
      await context.effects.record({ topic, partition, offset: message.offset })
    }
  }
  kafka.KafkaConsumer('sub')(OrderConsumer)
  const sub = {
    connectionOptions: { brokers: [...context.brokers], clientId: context.instance },
    consumerOptions: { groupId: 'orders' },
    subscribeOptions: { topics: ['orders'], fromBeginning: true },
  }
  const container = await core.initializeGlobalApplicationContext({
    baseDir: import.meta.dirname,
    appDir: import.meta.dirname,
    imports: [kafka],
    preloadModules: [OrderConsumer],
    globalConfig: { midwayLogger: { default: SILENT }, kafka: { consumer: { sub } } },
  })
  const framework = await container.getAsync(kafka.Framework)
  const consumer = framework.getConsumer('sub')
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart) process.exit(1)
  })
  endOnSigterm(() => framework.stop())
}
