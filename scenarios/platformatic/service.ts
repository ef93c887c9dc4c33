import {
  type ClusterMetadata,
  Consumer,
  MessagesStreamFallbackModes,
  MessagesStreamModes,
  stringDeserializers,
} from '@platformatic/kafka'
import type { AppContext } from 'onceover'
import { commit } from './commit.ts'
import type { TextConsumer, TextMessage, TextStream } from './messages.ts'
import { Owned } from './owned.ts'
import { inLoop, type Read } from './reading.ts'

export interface StreamServiceOptions {
  readonly group: string
  readonly topics: readonly string[]
  /** Work on one message, its commit included. */
  readonly handle: (message: TextMessage, consumer: TextConsumer) => Promise<unknown>
  /** How the stream is read; default: in a loop. */
  readonly read?: Read
  /**
   * Assignors of a classic group, the most wanted first; default: the client's own, `roundrobin`.
   */
  readonly assignors?: readonly string[]
  /**
   * Whether a record is done when `handle` ends, so that it is not done again when it comes again;
   * default: yes.
   */
  readonly remembers?: boolean
  /** Where to begin in a partition without a committed offset; default: at its first record. */
  readonly fallback?: 'earliest' | 'latest'
  /** The client's own commits; default: off. */
  readonly autocommit?: boolean | number
  /** The protocol of the group; default: the classic one. */
  readonly groupProtocol?: 'classic' | 'consumer'
  /** The id of a static member; default: a new member at each start. */
  readonly groupInstanceId?: string
  /**
   * Whether the client may send a commit again that was refused or not answered; default: no, it
   * tries nothing twice.
   */
  readonly commitsAgain?: boolean
  /**
   * Reacts to SIGTERM; default: take no more messages, end the one in hand, leave the group, exit.
   */
  readonly onSigterm?: (consumer: TextConsumer) => void
  /** Reacts to the end of the service's loop; default: exit, to be started again. */
  readonly onGivenUp?: () => void
}

/**
 * How often to look at what the client knows: whether there are more partitions, and which are this
 * process's.
 */
const LOOK_MS = 20_000
/**
 * How long a stream that waits for records may go without a Fetch, which stays at the broker for 5
 * s at most.
 */
const QUIET_MS = 60_000

/**
 * The frame of a well-written service on @platformatic/kafka: `startService` of `../service.ts` on
 * the other client.
 *
 * After a rebalance the client reads again from the committed offset, and still hands over what it
 * had read before: a record may come twice within one assignment (see
 * `../museum/platformatic-delivers-twice`). What this process has done is not done again when it
 * comes again, and what belongs to another process is left to it (`owned.ts`).
 *
 * A commit that is refused, or not answered, ends the process, which is started again: sent once
 * more, it would be taken for one of the next generation, and bring the group back to it (see
 * `../museum/platformatic-commits-again`). The client knows one number of retries for all that it
 * does, so that any other failure ends the process, too. In the classic protocol the client takes
 * no notice of new partitions (see `../museum/platformatic-new-partitions`): a service that sees
 * more of them than it began with ends, too. So does one that owns partitions and no longer asks
 * for records (see `../museum/platformatic-lost-refresh`).
 */
export async function startStreamService(context: AppContext, options: StreamServiceOptions): Promise<void> {
  const { group, topics, handle, autocommit = false, groupProtocol = 'classic' } = options
  const { onGivenUp = () => process.exit(1), remembers = true, commitsAgain = false } = options
  const { read = inLoop, assignors, fallback = 'earliest', groupInstanceId } = options
  const consumer: TextConsumer = new Consumer({
    clientId: context.instance,
    groupId: group,
    bootstrapBrokers: [...context.brokers],
    deserializers: stringDeserializers,
    autocommit,
    ...(commitsAgain ? {} : { retries: 0 }),
    ...(groupProtocol === 'consumer' ? { groupProtocol } : {}),
    ...(groupInstanceId === undefined ? {} : { groupInstanceId }),
    ...(assignors === undefined ? {} : { protocols: assignors.map((name) => ({ name, version: 1 })) }),
  })
  const handled = new Map<string, bigint>()
  let stopping = false
  let handling: Promise<unknown> = Promise.resolve()
  const leave = async (): Promise<void> => {
    stopping = true
    await handling.catch(() => {})
    await consumer.close(true)
  }
  const { onSigterm = () => void leave().then(exit(0), exit(1)) } = options
  process.once('SIGTERM', () => onSigterm(consumer))
  consumer.on('error', onGivenUp)
  try {
    // Before it joins: the group's leader assigns all of these or more, and so is among the
    // processes that see still more later.
    const partitions = await partitionsOf(consumer, topics)
    const stream = await consumer.consume({
      topics: [...topics],
      mode: MessagesStreamModes.COMMITTED,
      fallbackMode:
        fallback === 'latest' ? MessagesStreamFallbackModes.LATEST : MessagesStreamFallbackModes.EARLIEST,
    })
    // A commit that waits when its stream ends never settles, and the loop with it: see
    // `../museum/platformatic-lost-waiter`.
    stream.once('error', onGivenUp)
    stream.once('close', () => stopping || onGivenUp())
    endWhenNothingIsFetched(consumer, stream)
    const beginAnew = (): void => void leave().then(exit(1), exit(1))
    const owned = new Owned(consumer)
    whenever(() => owned.mustBeginAnew(), beginAnew)
    if (groupProtocol === 'classic')
      whenever(() => count(consumer.currentMetadata, topics) > partitions, beginAnew)
    await read(stream, async (message) => {
      if (stopping || !owned.takes(message)) return
      handling = remembers
        ? once(message, handled, () => handle(message, consumer))
        : handle(message, consumer)
      await handling
    })
  } catch {
    // Its commit was refused, or its connection given up.
  }
  if (!stopping) onGivenUp()
}

async function once(
  message: TextMessage,
  handled: Map<string, bigint>,
  work: () => Promise<unknown>,
): Promise<void> {
  const partition = `${message.topic}/${message.partition}`
  const last = handled.get(partition) ?? -1n
  // Of what comes again, only the last is committed: one before it would take the group back.
  if (message.offset === last) await commit(message)
  if (message.offset <= last) return
  await work()
  handled.set(partition, message.offset)
}

function exit(code: number): () => never {
  return () => process.exit(code)
}

function endWhenNothingIsFetched(consumer: TextConsumer, stream: TextStream): void {
  let fetched = true
  stream.on('fetch', () => {
    fetched = true
  })
  setInterval(() => {
    const owns = consumer.assignments?.some(({ partitions }) => partitions.length > 0)
    if (owns && !fetched && stream.readableLength === 0) process.exit(1)
    fetched = false
  }, QUIET_MS).unref()
}

async function partitionsOf(consumer: TextConsumer, topics: readonly string[]): Promise<number> {
  return count(await consumer.metadata({ topics: [...topics] }), topics)
}

function whenever(holds: () => boolean, act: () => void): void {
  const looking = setInterval(() => {
    if (!holds()) return
    clearInterval(looking)
    act()
  }, LOOK_MS).unref()
}

function count(metadata: ClusterMetadata | undefined, topics: readonly string[]): number {
  return topics.reduce((sum, topic) => sum + (metadata?.topics.get(topic)?.partitionsCount ?? 0), 0)
}
