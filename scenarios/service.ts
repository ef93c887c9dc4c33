import { type Consumer, type ConsumerRunConfig, Kafka, logLevel } from 'kafkajs'
import type { AppContext } from 'onceover'

export interface ServiceOptions {
  readonly group: string
  readonly topics: readonly string[]
  /** The argument of `consumer.run`; a function where the handler needs the consumer itself. */
  readonly run: (consumer: Consumer, kafka: Kafka) => ConsumerRunConfig | Promise<ConsumerRunConfig>
  /**
   * Reacts to SIGTERM; default: stop taking records, end the work under way, commit, leave the
   * group, exit.
   */
  readonly onSigterm?: (consumer: Consumer) => void
  /** Reacts to a consumer that has given up for good; default: exit, to be started again. */
  readonly onGivenUp?: () => void
}

/**
 * The frame of a well-written kafkajs service, as every scenario here uses it: only what `options`
 * say is special.
 */
export async function startService(context: AppContext, options: ServiceOptions): Promise<void> {
  const kafka = new Kafka({
    clientId: context.instance,
    brokers: context.brokers,
    logLevel: logLevel.NOTHING,
  })
  const consumer = kafka.consumer({ groupId: options.group })
  const { onSigterm = shutDown, onGivenUp = () => process.exit(1) } = options
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart) onGivenUp()
  })
  endUnlessItRejoins(consumer, onGivenUp)
  process.once('SIGTERM', () => onSigterm(consumer))
  await consumer.connect()
  await consumer.subscribe({ topics: [...options.topics], fromBeginning: true })
  await consumer.run(await options.run(consumer, kafka))
}

/** Longer than a rebalance may take: kafkajs gives members 60 s to come again. */
const REJOINED_MS = 90_000

/**
 * When the answer to its SyncGroup is lost, kafkajs goes on with the previous assignment, and sends
 * heartbeats for the new one (see `museum/lost-sync-answer`). A service that hears of no new
 * assignment ends, and is started again.
 */
export function endUnlessItRejoins(consumer: Consumer, end: () => void): void {
  let overdue: NodeJS.Timeout | undefined
  consumer.on(consumer.events.REBALANCING, () => {
    clearTimeout(overdue)
    overdue = setTimeout(end, REJOINED_MS)
    overdue.unref()
  })
  consumer.on(consumer.events.GROUP_JOIN, () => clearTimeout(overdue))
}

function shutDown(consumer: Consumer): void {
  consumer.disconnect().then(
    () => process.exit(0),
    () => process.exit(1),
  )
}

/** The offset after this one, as Kafka wants it committed. */
export function next(offset: string): string {
  return (BigInt(offset) + 1n).toString()
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
