// A service with a channel; DEAD_LETTERS is of the scenario: the handler then declines one order for good.
import { Middleware } from '@moleculer/channels'
import { ServiceBroker } from 'moleculer'
import type { AppContext } from 'onceover'
import { endOnSigterm } from './ends.ts'

export default async function main(context: AppContext): Promise<void> {
  const declines = process.env['DEAD_LETTERS'] === 'yes'
  const kafka = { brokers: [...context.brokers], producerOptions: { retry: { retries: 0 } } }
  const broker = new ServiceBroker({
    nodeID: context.instance,
    logger: false,
    skipProcessEventRegistration: true,
    middlewares: [Middleware({ adapter: { type: 'Kafka', options: { kafka } } })],
  })
  broker.createService({
    name: 'orders',
    channels: {
      orders: {
        group: 'orders',
        kafka: { fromBeginning: true },
        maxRetries: declines ? 0 : 3,
        deadLettering: { enabled: declines, queueName: 'dead' },
        async handler(order) {
          if (declines && order.id === 3) throw new Error('declined')
          await context.effects.record()
        },
      },
    },
  })
  endOnSigterm(() => broker.stop())
  await broker.start()
}
