import { Producer, stringSerializers } from '@platformatic/kafka'
import type { AppContext } from 'onceover'
import { GROUP, INPUT, OUTPUT } from '../transform.ts'
import { startStreamService } from './service.ts'

export interface StreamTransformOptions {
  /** Sends the outputs; default: in the transaction. */
  readonly send?: (transaction: Sender, value: string) => Promise<unknown>
  /** Default: the process's own id, the same after each restart. */
  readonly transactionalId?: string
}

interface Sender {
  send(options: { messages: { topic: string; value: string }[] }): Promise<unknown>
}

/**
 * The consume-transform-produce service of `../transform.ts` on @platformatic/kafka: each record's
 * output and offset in one transaction. The client sends the member and the generation in which it
 * read a record with the record's offset, so that the group itself fences a process that has lost a
 * partition, and one transactional id for each process will do.
 */
export function startStreamTransform(
  context: AppContext,
  options: StreamTransformOptions = {},
): Promise<void> {
  const { transactionalId = `${GROUP}-${context.instance}` } = options
  const { send = (transaction, value) => transaction.send(outputOf(value)) } = options
  const producer = new Producer({
    clientId: context.instance,
    bootstrapBrokers: [...context.brokers],
    serializers: stringSerializers,
    idempotent: true,
    transactionalId,
    // Without these it claims to be a producer that it is not, and is fenced: see
    // `../museum/platformatic-fenced`.
    producerId: -1n,
    producerEpoch: -1,
  })
  return startStreamService(context, {
    group: GROUP,
    topics: [INPUT],
    handle: async (message, consumer) => {
      const transaction = await producer.beginTransaction()
      await send(transaction, message.value)
      await transaction.addConsumer(consumer)
      await transaction.addOffset(message)
      // Refused, or not known to be done: the process ends, and its next incarnation aborts what is
      // open.
      await transaction.commit()
    },
  })
}

export function outputOf(value: string): { messages: { topic: string; value: string }[] } {
  return { messages: [{ topic: OUTPUT, value }] }
}
