// As its README shows it; MAX_MESSAGES is of the scenario: 'default' leaves the option out.
import { KafkaSubscriber } from '@relaymesh/relaybus-kafka'
import type { AppContext } from 'onceover'
import { endOnSigterm } from './ends.ts'

export default async function main(context: AppContext): Promise<void> {
  const forEver = process.env['MAX_MESSAGES'] === 'default' ? {} : { maxMessages: 0 }
  const subscriber = await KafkaSubscriber.connect({
    brokers: [...context.brokers],
    clientId: context.instance,
    groupId: 'orders',
    ...forEver,
    onMessage: async () => {
      await context.effects.record()
    },
  })
  endOnSigterm(() => subscriber.close())
  await subscriber.start('orders')
}
