// As the comment of its class shows it: `onMessage` works, then commits.
import { stringDeserializers } from '@platformatic/kafka'
import { KafkaConsumerHelper } from '@venizia/ignis-helpers/kafka'
import type { AppContext } from 'onceover'
import { endOnSigterm } from './ends.ts'

export default async function main(context: AppContext): Promise<void> {
  const helper = KafkaConsumerHelper.newInstance({
    bootstrapBrokers: [...context.brokers],
    clientId: context.instance,
    groupId: 'orders',
    deserializers: stringDeserializers,
    onMessage: async ({ message }) => {
      await context.effects.record(message)
      await message.commit()
    },
    onMessageError: () => process.exit(1),
  })
  endOnSigterm(() => helper.close())
  await helper.start({ topics: ['orders'], mode: 'committed', fallbackMode: 'earliest' })
}
