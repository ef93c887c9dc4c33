import { hashPartition } from '../../kafka/index.ts'
import { deepError } from './answers.ts'
import type { Step } from './script.ts'
import { type ScriptRun, SETTLE_MS } from './script-run.ts'
import { stateText } from './state-records.ts'
import type { TransactionSteps } from './transactions.ts'

/** More than all that scripts leave in one partition of an internal topic. */
const READ_BYTES = 50_000_000

/** The records in an internal topic of the script's group, or of a transactional id of it. */
export async function readState(
  run: ScriptRun,
  transactions: TransactionSteps,
  { of, number = 0 }: Extract<Step, { do: 'read-state' }>,
): Promise<string> {
  const transactionalId = transactions.idOf(number)
  const [topic, id] =
    of === 'group' ? ['__consumer_offsets', run.group] : ['__transaction_state', transactionalId]
  // Some is written after the answer, and markers later.
  await run.target.wait(SETTLE_MS)
  const metadata = await run.ask('Metadata', 12, { topics: [{ name: topic }, { name: run.topic }] })
  if ('failed' in metadata) return metadata.failed
  run.learn(metadata)
  const partitions = metadata.topics.find(({ name }) => name === topic)?.partitions ?? []
  const partition = hashPartition(id, partitions.length)
  const fetched = await run.ask('Fetch', 11, {
    maxWaitMs: 0,
    minBytes: 0,
    maxBytes: READ_BYTES,
    topics: [{ topic, partitions: [{ partition, fetchOffset: 0n, partitionMaxBytes: READ_BYTES }] }],
  })
  if ('failed' in fetched) return fetched.failed
  const error = deepError(fetched)
  if (error !== 'NONE') return error
  const records = fetched.responses[0]?.partitions[0]?.records ?? Buffer.alloc(0)
  const producers = [...transactions.producers.values()].map((producer) => producer.id)
  const { group, topic: own, topicId } = run
  return stateText(records, { group, transactionalId, producers, topic: own, topicId }, run.ids)
}
