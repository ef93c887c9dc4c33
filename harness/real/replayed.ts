import path from 'node:path'
import type { Fault } from '../core/fault.ts'
import type { Guarantee } from '../core/guarantee.ts'
import type { Schedule } from '../core/schedule.ts'
import type { PropertyName } from '../core/verdict.ts'
import { loadScenarioFile } from '../scenario/load.ts'
import type { Provider } from './providers/provider.interface.ts'
import { type RealReplay, replayOnCluster } from './replay.ts'
import { RELEASE_DEFAULT } from './settings.ts'

const root = path.resolve(import.meta.dirname, '../..')

/** A bundled consumer that does not wait for its commits, without the ending of its file's name. */
export const COMMITS = 'scenarios/mutants/m05-overlapping-commits/kafkajs'

export const REFUSED: Fault = {
  kind: 'request-error',
  target: 'consumer-0 OffsetCommit#1',
  at: { event: 'consumer-0 OffsetCommit#1 sent' },
  error: 'NOT_COORDINATOR',
}

/** Three records in one partition, one process. */
export function clicks(faults: readonly Fault[]): Schedule {
  return { seed: '0', ...onePartition('clicks', 3, faults) }
}

/** Two orders in one partition, one process; with this seed the second effect loses the race. */
export function orders(faults: readonly Fault[]): Schedule {
  return { seed: '5', ...onePartition('orders', 2, faults) }
}

/** Two images in one partition, one process. */
export function images(faults: readonly Fault[]): Schedule {
  return { seed: '5', ...onePartition('images', 2, faults) }
}

function onePartition(topic: string, count: number, faults: readonly Fault[]): Omit<Schedule, 'seed'> {
  const record = (id: number): Schedule['workload']['records'][number] => {
    return { topic, partition: 0, key: 'a', value: `{"id":"${id}"}`, atMs: 0 }
  }
  const topics = { [topic]: { partitions: 1, startOffset: '0' } }
  const records = Array.from({ length: count }, (_, index) => record(index + 1))
  const workload = { consumers: 1, brokers: 1, topics, records }
  return { workload, faults, holds: [] }
}

/** One try of the first scenario of a bundled file. */
export async function replayed(
  file: string,
  schedule: Schedule,
  options: {
    readonly property: PropertyName
    readonly provider: Provider
    readonly signal?: AbortSignal
    /** Another claim than the scenario's own. */
    readonly guarantee?: Guarantee
  },
): Promise<RealReplay> {
  const { property, provider, signal = new AbortController().signal, guarantee } = options
  const scenarioFile = path.join(root, file)
  const [loaded] = await loadScenarioFile(scenarioFile)
  if (loaded === undefined) throw new Error(`${file} has no scenario`)
  const scenario = guarantee === undefined ? loaded.scenario : { ...loaded.scenario, guarantee }
  const violation = { property, message: '', events: [] }
  const quiet = { progress: () => {}, onTry: () => {} }
  return replayOnCluster(
    { counterexample: { schedule, violation }, scenario, file: scenarioFile },
    { provider, times: 1, hurry: true, lanes: 1, release: RELEASE_DEFAULT, signal, ...quiet },
  )
}
