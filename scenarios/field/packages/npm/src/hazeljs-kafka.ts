// A @KafkaConsumer class, its decorators called by hand. DECORATES 'prototype' is as documented, and starts nothing:
// the package looks for what to start on the class.
import 'reflect-metadata'
import { KafkaConsumer, KafkaConsumerService, KafkaSubscribe } from '@hazeljs/kafka'
import { Kafka } from 'kafkajs'
import type { AppContext } from 'onceover'
import { endOnSigterm } from './ends.ts'

export default async function main(context: AppContext): Promise<void> {
  class OrderConsumer {
    async handleOrder({ topic, partition, message }) {
      await context.effects.record({ topic, partition, offset: message.offset })
    }
  }
  const handler = Object.getOwnPropertyDescriptor(OrderConsumer.prototype, 'handleOrder')
  const target = process.env['DECORATES'] === 'prototype' ? OrderConsumer.prototype : OrderConsumer
  KafkaSubscribe('orders', { fromBeginning: true })(target, 'handleOrder', handler)
  KafkaConsumer({ groupId: 'orders' })(OrderConsumer)
  const kafka = new Kafka({ brokers: [...context.brokers], clientId: context.instance, logLevel: 0 })
  const service = new KafkaConsumerService(kafka)
  endOnSigterm(() => service.onModuleDestroy())
  await service.registerFromProvider(new OrderConsumer())
}
