// KafkaService.onApplicationBootstrap without Nest: it starts a consumer for each @ListenTo.
import { KafkaService } from '@twt-494/nestjs-kafka'
import type { AppContext } from 'onceover'
import { endOnSigterm } from './ends.ts'

const quiet = { error() {}, warn() {}, info() {}, debug() {} }

export default async function main(context: AppContext): Promise<void> {
  const service = new KafkaService({
    clientId: context.instance,
    brokers: [...context.brokers],
    topicPrefix: 'shop',
    user: 'onceover',
    logger: quiet,
  })
  endOnSigterm(() => service.client.disconnect())
  await service.client.createConsumer(
    { topics: ['orders'], groupId: 'orders', fromStart: true, maxBytesPerPartition: 1 },
    async () => {
      await context.effects.record()
    },
  )
}
