// A broker on moleculer's own Kafka transporter needs kafka-node; this one takes its events from @moleculer/channels.
import { Middleware } from '@moleculer/channels'
import { ServiceBroker } from 'moleculer'
import type { AppContext } from 'onceover'

export default async (context: AppContext) => {
  const broker = new ServiceBroker({
    nodeID: context.instance,
    logger: false,
    middlewares: [
      Middleware({
        adapter: {
          type: 'Kafka',
          options: {
            kafka: {
              brokers: [...context.brokers],
              consumerOptions: {},
            },
          },
        },
      }),
    ],
  })
  broker.createService({
    name: 'orders',
    channels: {
      orders: {
        context: false,
        kafka: { fromBeginning: true },
        async handler(_payload: unknown, raw: { topic: string; partition: number; offset: string }) {
          await context.effects.record()
        },
      },
    },
  })
  process.once('SIGTERM', () => {
    broker.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  })
  await broker.start()
}
