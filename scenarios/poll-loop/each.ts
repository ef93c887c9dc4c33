import type { Consumer, ConsumerRecord, ConsumerRecords } from 'onceover/poll-loop'

/** The body of a loop: does one record after the other, and commits when all of a poll are done. */
export function eachThenCommit(
  work: (record: ConsumerRecord) => unknown,
): (records: ConsumerRecords, consumer: Consumer) => Promise<void> {
  return async (records, consumer) => {
    for (const record of records) await work(record)
    if (!records.isEmpty) await consumer.commitSync()
  }
}
