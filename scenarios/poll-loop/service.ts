import type { AppContext } from 'onceover'
import {
  Consumer,
  type ConsumerRecords,
  type ConsumerSettings,
  KafkaException,
  type RebalanceListener,
} from 'onceover/poll-loop'

export interface PollLoopOptions {
  readonly group: string
  readonly topics: readonly string[]
  readonly settings?: ConsumerSettings
  /** The loop's body: works on what one `poll` returned. */
  readonly handle: (records: ConsumerRecords, consumer: Consumer) => unknown
  readonly listener?: (consumer: Consumer) => RebalanceListener
  /** Runs on SIGTERM between the last poll and `close`. */
  readonly atEnd?: (consumer: Consumer) => unknown
}

const POLL_MS = 1_000

/**
 * The frame of a well-written service on a poll loop: it polls until SIGTERM wakes it up, goes on
 * where a commit came too late, and ends on any other error, to be started again.
 */
export async function startPollLoop(context: AppContext, options: PollLoopOptions): Promise<void> {
  const consumer = new Consumer({
    'bootstrap.servers': context.brokers,
    'client.id': context.instance,
    'group.id': options.group,
    'auto.offset.reset': 'earliest',
    'enable.auto.commit': false,
    ...options.settings,
  })
  let ending = false
  process.once('SIGTERM', () => {
    ending = true
    consumer.wakeup()
  })
  consumer.subscribe(options.topics, options.listener?.(consumer))
  while (!ending) {
    try {
      await options.handle(await consumer.poll(POLL_MS), consumer)
    } catch (error) {
      if (!isOf(error, 'WakeupException', 'CommitFailedException', 'RebalanceInProgressException'))
        throw error
    }
  }
  await options.atEnd?.(consumer)
  await consumer.close()
  process.exit(0)
}

export function isOf(error: unknown, ...names: readonly string[]): boolean {
  return error instanceof KafkaException && names.includes(error.name)
}
