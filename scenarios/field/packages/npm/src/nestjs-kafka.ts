// A @SubscribeToFixedGroup method, its decorator called by hand, and the service that Nest would start.
import type { AppContext } from 'onceover'
import { AbstractKafkaConsumer, KafkaService, SubscribeToFixedGroup } from 'nestjs-kafka'
import { endOnSigterm } from './ends.ts'

export default async function main(context: AppContext): Promise<void> {
  class Orders extends AbstractKafkaConsumer {
    registerTopic() {
      this.addTopic('orders')
    }
    async handle() {
      await context.effects.record()
    }
  }
  const handle = Object.getOwnPropertyDescriptor(Orders.prototype, 'handle')
  SubscribeToFixedGroup('orders')(Orders.prototype, 'handle', handle)
  const service = new KafkaService({
    clientId: context.instance,
    brokers: [...context.brokers],
    groupId: 'orders',
  })
  endOnSigterm(() => service.onModuleDestroy())
  await new Orders().onModuleInit()
  await service.onModuleInit()
}
