import { Consumer, MessagesStreamFallbackModes, MessagesStreamModes } from '@platformatic/kafka'
import type { AppContext } from 'onceover'
import { saveOrder } from './orders.ts'

export default async function main({ instance, brokers, effects }: AppContext) {
  const consumer = new Consumer({
    clientId: instance,
    groupId: 'billing',
    bootstrapBrokers: [...brokers],
  })
  const stream = await consumer.consume({
    topics: ['orders'],
    mode: MessagesStreamModes.COMMITTED,
    fallbackMode: MessagesStreamFallbackModes.EARLIEST,
  })
  for await (const message of stream) {
    saveOrder(effects, message)
  }
}
