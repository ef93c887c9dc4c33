import { Producer, stringSerializers } from '@platformatic/kafka'
import type { AppContext } from 'onceover'

/** A producer of texts. */
export function textProducer({ instance, brokers }: AppContext) {
  return new Producer({
    clientId: instance,
    bootstrapBrokers: [...brokers],
    serializers: stringSerializers,
  })
}
