import { atLeastOnce } from '../../../properties/index.ts'
import type { Fault } from '../../core/fault.ts'
import type { PreparedScenario } from '../../run/run.interface.ts'
import { prepareScenario } from '../prepare.ts'
import { reportingConsumer } from './consumers.ts'

/** A scenario and a few schedules of it, for tests about runs as such. */
export function prepareWork(): Promise<PreparedScenario> {
  const scenario = {
    name: 'work',
    topics: { work: { partitions: 2 } },
    records: { work: 8 },
    consumers: 2,
    app: reportingConsumer,
    guarantee: atLeastOnce(),
  }
  return prepareScenario(scenario, { file: import.meta.filename })
}

export const FAULTS: readonly (readonly Fault[])[] = [
  [],
  [
    {
      kind: 'crash',
      target: 'consumer-0',
      at: { event: 'consumer-0 OffsetCommit#1 applied' },
      restartMs: 1_000,
    },
  ],
  [
    { kind: 'pause', target: 'consumer-1', at: { event: 'consumer-1 Heartbeat#1 sent' }, durationMs: 45_000 },
    {
      kind: 'answer-lost',
      target: 'consumer-0 OffsetCommit#1',
      at: { event: 'consumer-0 OffsetCommit#1 sent' },
    },
    { kind: 'graceful-restart', target: 'consumer-0', at: { atMs: 40_000 }, restartMs: 100 },
  ],
]

/** The hash of each schedule's history. */
export async function hashes(): Promise<string[]> {
  const prepared = await prepareWork()
  const workload = prepared.workload('hashes')
  const found: string[] = []
  for (const faults of FAULTS) {
    found.push((await prepared.run({ seed: 'hashes', workload, faults, holds: [] })).historyHash())
  }
  return found
}
