import { Consumer, MessagesStreamFallbackModes, MessagesStreamModes } from '@platformatic/kafka'
import type { AppContext } from 'onceover'

export type ConsumerStream = Awaited<ReturnType<Consumer['consume']>>

interface Options {
  readonly autocommit?: boolean
  /** Ends the process with its stream; default: yes. */
  readonly endsWithStream?: boolean
  readonly groupProtocol?: 'classic' | 'consumer'
}

/**
 * A consumer of the one topic as @platformatic/kafka's documentation has it, from the committed
 * offset on.
 */
export async function streamOf(
  { brokers, instance }: AppContext,
  topic: string,
  { autocommit = false, endsWithStream = true, groupProtocol = 'classic' }: Options = {},
): Promise<ConsumerStream> {
  const consumer = new Consumer({
    clientId: instance,
    groupId: 'ledger',
    bootstrapBrokers: [...brokers],
    autocommit,
    groupProtocol,
  })
  process.once('SIGTERM', () => {
    consumer.close(true).then(
      () => process.exit(0),
      () => process.exit(1),
    )
  })
  const stream = await consumer.consume({
    topics: [topic],
    mode: MessagesStreamModes.COMMITTED,
    fallbackMode: MessagesStreamFallbackModes.EARLIEST,
  })
  if (endsWithStream) stream.once('close', () => process.exit(1))
  return stream
}
