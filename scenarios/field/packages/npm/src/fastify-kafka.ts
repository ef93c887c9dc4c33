// As its README shows it, with a fixed group; FROM is of the scenario.
import fastifyKafka from '@fastify/kafka'
import Fastify from 'fastify'
import type { AppContext } from 'onceover'
import { endOnSigterm } from './ends.ts'

export default async function main(context: AppContext): Promise<void> {
  const fastify = Fastify()
  await fastify.register(fastifyKafka, {
    consumer: { bootstrapBrokers: [...context.brokers], groupId: 'updates', clientId: context.instance },
    // What its README says replaces auto.offset.reset.
    ...(process.env['FROM'] === 'committed'
      ? { consumerTopicConf: { mode: 'committed', fallbackMode: 'earliest' } }
      : {}),
  })
  await fastify.ready()
  endOnSigterm(() => fastify.close())
  const { kafka } = fastify
  kafka.on('error', () => process.exit(1))
  kafka.subscribe('updates')
  kafka.on('updates', ({ topic, partition, offset }, commit) => {
    context.effects.record({ topic, partition, offset }).then(commit, () => process.exit(1))
  })
  kafka.consume()
}
