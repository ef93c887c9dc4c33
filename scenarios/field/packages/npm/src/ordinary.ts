// An ordinary consumer, with what WATCHED_BY names beside it.
import { monitorKafkaJSConsumer } from '@christiangalsterer/kafkajs-prometheus-exporter'
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node'
import kafkajs from 'kafkajs'
import type { AppContext } from 'onceover'
import { KafkaJsInstrumentation } from 'opentelemetry-instrumentation-kafkajs'
import { Registry } from 'prom-client'
import { endOnSigterm } from './ends.ts'

function trace(): void {
  const provider = new NodeTracerProvider()
  provider.register()
  const instrumentation = new KafkaJsInstrumentation()
  instrumentation.setTracerProvider(provider)
  const [definition] = [instrumentation.init()].flat()
  definition.patch(kafkajs, '2.2.4')
}

export default async function main(context: AppContext): Promise<void> {
  const watchedBy = process.env['WATCHED_BY']
  if (watchedBy === 'opentelemetry') trace()
  const kafka = new kafkajs.Kafka({ brokers: [...context.brokers], clientId: context.instance, logLevel: 0 })
  const consumer = kafka.consumer({ groupId: 'orders' })
  if (watchedBy === 'prometheus') monitorKafkaJSConsumer(consumer, new Registry(), {})
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart) process.exit(1)
  })
  endOnSigterm(() => consumer.disconnect())
  await consumer.connect()
  await consumer.subscribe({ topics: ['orders'], fromBeginning: true })
  await consumer.run({
    eachMessage: async ({ topic, partition, message }) => {
      await context.effects.record({ topic, partition, offset: message.offset })
    },
  })
}
