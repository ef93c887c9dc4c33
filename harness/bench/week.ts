import { atLeastOnce } from '../../properties/index.ts'
import type { AppContext, Scenario } from '../core/scenario.ts'
import { prepareScenario } from '../scenario/prepare.ts'

export interface Week {
  readonly virtualDays: number
  readonly dispatched: number
  readonly wallMs: number
  /** Committed offsets that the cluster forgot meanwhile. */
  readonly expired: number
  /** Records that were read again for it. */
  readonly again: number
}

const DAY_MS = 86_400_000
const AWAY_MS = 8 * DAY_MS
const RECORDS = 5

/**
 * Reads everything, is away for eight days, and comes back when its offsets have expired (KAFKA.md
 * O10).
 */
async function holiday({ brokers, signal }: AppContext): Promise<void> {
  const { Kafka, logLevel } = await import('kafkajs')
  const kafka = new Kafka({ brokers, logLevel: logLevel.NOTHING })
  for (const last of [false, true]) {
    const consumer = kafka.consumer({ groupId: 'holiday' })
    let left = RECORDS
    await consumer.connect()
    await consumer.subscribe({ topics: ['work'], fromBeginning: true })
    const all = new Promise<void>((resolve) => {
      void consumer.run({
        eachMessage: async () => {
          left -= 1
          if (left === 0) resolve()
        },
      })
    })
    await all
    if (last || signal.aborted) return
    // The last commit follows the last message.
    await new Promise((resolve) => setTimeout(resolve, 10_000))
    await consumer.disconnect()
    await new Promise((resolve) => setTimeout(resolve, AWAY_MS))
  }
}

/** More than a virtual week of a cluster with one committed, then empty group. */
export async function measureWeek(): Promise<Week> {
  const scenario: Scenario = {
    name: 'a week away',
    topics: { work: { partitions: 1, configs: { 'retention.ms': '-1' } } },
    records: {
      work: [
        ...Array.from({ length: RECORDS }, (_, index) => ({ value: `record ${index}` })),
        { value: 'back', atMs: AWAY_MS + 60_000 },
      ],
    },
    consumers: 1,
    app: holiday,
    guarantee: atLeastOnce(),
  }
  const prepared = await prepareScenario(scenario, { file: import.meta.filename })
  const workload = prepared.workload('week')
  const { stats, history } = await prepared.run(
    { seed: 'week', workload, faults: [], holds: [] },
    { stopAt: 'end' },
  )
  const effects = history.events.filter(({ kind }) => kind === 'effect').length
  return {
    virtualDays: stats.virtualMs / DAY_MS,
    dispatched: stats.dispatched,
    wallMs: stats.wallMs,
    expired: history.events.filter(({ kind }) => kind === 'offset-removed').length,
    again: effects - RECORDS - 1,
  }
}
