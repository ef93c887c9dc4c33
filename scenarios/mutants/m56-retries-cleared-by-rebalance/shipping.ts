import type { AppContext } from 'onceover'
import type { Consumer, ConsumerRecord, ConsumerRecords, TopicPartition } from 'onceover/poll-loop'
import { startPollLoop } from '../../poll-loop/service.ts'

const BACKOFF_MS = 5_000

export interface ShippingOptions {
  /** The retries that a rebalance drops: all of them, or those of the partitions that go. */
  readonly drops: 'all' | 'gone'
}

/**
 * An order that could not be shipped waits in a list for its next attempt, while those behind it go
 * on; commits stop before the first that waits. Partitions change hands one by one
 * (`cooperative-sticky`): what stays is not read again.
 */
export function shipOrders(context: AppContext, { drops }: ShippingOptions): Promise<void> {
  let retries: { readonly record: ConsumerRecord; readonly dueMs: number }[] = []
  const read = new Map<string, ConsumerRecord>()

  const ship = async (record: ConsumerRecord): Promise<void> => {
    try {
      await context.effects.record(record, 'shipped')
    } catch {
      retries.push({ record, dueMs: Date.now() + BACKOFF_MS })
    }
  }

  const work = async (records: ConsumerRecords, consumer: Consumer): Promise<void> => {
    const due = retries.filter(({ dueMs }) => dueMs <= Date.now())
    retries = retries.filter((each) => !due.includes(each))
    for (const { record } of due) await ship(record)
    for (const record of records) {
      await ship(record)
      read.set(placeOf(record), record)
    }
    if (due.length > 0 || !records.isEmpty) await consumer.commitSync(done())
  }

  /** Where each partition is to go on: at the first record that waits, or behind the last. */
  const done = () =>
    [...read.values()].map(({ topic, partition, offset }) => {
      const waiting = retries.flatMap(({ record }) =>
        record.topic === topic && record.partition === partition ? [record.offset] : [],
      )
      return {
        topic,
        partition,
        offset: waiting.reduce((least, each) => (each < least ? each : least), offset + 1n),
      }
    })

  const forget = (partitions: readonly TopicPartition[]): void => {
    const gone = new Set(partitions.map(placeOf))
    for (const place of gone) read.delete(place)
    retries = drops === 'all' ? [] : retries.filter(({ record }) => !gone.has(placeOf(record)))
  }

  return startPollLoop(context, {
    group: 'shipping',
    topics: ['orders'],
    settings: { 'partition.assignment.strategy': 'cooperative-sticky' },
    handle: work,
    listener: () => ({ revoked: forget, lost: forget }),
  })
}

function placeOf({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`
}
