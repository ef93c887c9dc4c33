import { Producer, stringSerializers } from '@platformatic/kafka'
import type { AppContext } from 'onceover'

/** A producer of texts. @param retries default: the client's own */
export function textProducer({ instance, brokers }: AppContext, more: { readonly retries?: number } = {}) {
  return new Producer({
    clientId: instance,
    bootstrapBrokers: [...brokers],
    serializers: stringSerializers,
    ...more,
  })
}
