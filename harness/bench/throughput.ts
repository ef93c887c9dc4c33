import { Session } from 'node:inspector/promises'
import { namedEvents } from '../core/event-names.ts'
import type { Schedule } from '../core/schedule.ts'
import { createStream } from '../core/seed.ts'
import type { PreparedScenario } from '../run/run.interface.ts'
import { prepareScenario } from '../scenario/prepare.ts'
import { loopScenario, plainScenario, type Size } from './scenarios.ts'

const SIZE: Size = { processes: 2, partitions: 2, records: 20 }
const WARM_UP_RUNS = 300

export interface Throughput {
  readonly runs: number
  readonly schedulesPerSecond: number
  /**
   * By the process's own CPU time: on a machine that is busy with something else this is the figure
   * to look at.
   */
  readonly schedulesPerCpuSecond: number
  readonly violations: number
  readonly eventsPerRun: number
  readonly historyEventsPerRun: number
  readonly virtualToWall: number
  readonly peakMemoryMb: number
  /** Share of CPU samples by where the innermost frame of a known owner stands. */
  readonly share: Readonly<Record<string, number>>
}

/** Of an unmodified client. */
export interface ClientThroughput extends Throughput {
  /** CPU time of a run as a multiple of what the unmodified client itself takes in it. */
  readonly timesTheClient: number
}

/**
 * Unmodified kafkajs, 2 processes, 2 partitions, 20 records, one crash after a random named event,
 * restart, until every offset is committed; history and properties on.
 */
export async function measureThroughput(runs: number): Promise<ClientThroughput> {
  const prepared = await prepareScenario(plainScenario(SIZE), { file: import.meta.filename })
  const measured = await measure(prepared, await crashSchedules(prepared), runs)
  const { idle = 0, kafkajs = 0 } = measured.share
  return { ...measured, timesTheClient: Math.round(((100 - idle) / kafkajs) * 100) / 100 }
}

/**
 * A poll loop of one process over one partition of four records, without a fault: as little as a
 * schedule can be.
 */
export async function measureLoop(runs: number): Promise<Throughput> {
  const prepared = await prepareScenario(loopScenario(), { file: import.meta.filename })
  const workload = prepared.workload('bench')
  return measure(prepared, (index) => ({ seed: `bench-${index}`, workload, faults: [], holds: [] }), runs)
}

async function measure(prepared: PreparedScenario, schedules: ScheduleAt, runs: number): Promise<Throughput> {
  for (let index = 0; index < WARM_UP_RUNS; index += 1) await prepared.run(schedules(index))

  let [events, history, virtualMs, violations] = [0, 0, 0, 0]
  const startedAt = performance.now()
  const cpuBefore = process.cpuUsage()
  for (let index = 0; index < runs; index += 1) {
    const result = await prepared.run(schedules(index))
    events += result.stats.dispatched
    history += result.history.events.length
    virtualMs += result.stats.virtualMs
    if (result.verdict.verdict !== 'held') violations += 1
  }
  const wallMs = performance.now() - startedAt
  const { user, system } = process.cpuUsage(cpuBefore)
  const share = await profile(prepared, schedules, Math.min(runs, 1_000))
  return {
    runs,
    schedulesPerSecond: Math.round((runs / wallMs) * 1000),
    schedulesPerCpuSecond: Math.round(runs / ((user + system) / 1_000_000)),
    violations,
    eventsPerRun: Math.round(events / runs),
    historyEventsPerRun: Math.round(history / runs),
    virtualToWall: Math.round(virtualMs / wallMs),
    peakMemoryMb: Math.round(process.resourceUsage().maxRSS / 1024),
    share,
  }
}

type ScheduleAt = (index: number) => Schedule

async function crashSchedules(prepared: PreparedScenario): Promise<ScheduleAt> {
  const workload = prepared.workload('bench')
  const base: Schedule = { seed: 'bench', workload, faults: [], holds: [] }
  const calm = await prepared.run(base)
  const names = namedEvents(calm.history.events)
    .filter(({ event }) => 'process' in event && event.process !== null)
    .map(({ name, event }) => ({ name, target: 'process' in event ? String(event.process) : '' }))
  return (index) => {
    const seed = `bench-${index}`
    const { name, target } = createStream(seed).pick(names)
    return { ...base, seed, faults: [{ kind: 'crash', target, at: { event: name }, restartMs: 1_000 }] }
  }
}

/**
 * The share of time of each part, by V8's sampling profiler: each sample belongs to the innermost
 * frame with a known owner.
 */
async function profile(
  prepared: PreparedScenario,
  schedules: ScheduleAt,
  runs: number,
): Promise<Record<string, number>> {
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.setSamplingInterval', { interval: 200 })
  await session.post('Profiler.start')
  for (let index = 0; index < runs; index += 1) await prepared.run(schedules(index))
  const { profile: result } = await session.post('Profiler.stop')
  session.disconnect()

  const parents = new Map<number, number>()
  const nodes = new Map(result.nodes.map((node) => [node.id, node]))
  for (const node of result.nodes) for (const child of node.children ?? []) parents.set(child, node.id)
  const owners = new Map<string, number>()
  for (const sample of result.samples ?? []) {
    let owner = 'node'
    for (let id: number | undefined = sample; id !== undefined; id = parents.get(id)) {
      const url = nodes.get(id)?.callFrame.url ?? ''
      const name = nodes.get(id)?.callFrame.functionName
      if (name === '(idle)' || name === '(garbage collector)') owner = name.slice(1, -1)
      else owner = ownerOf(url)
      if (owner !== 'node') break
    }
    owners.set(owner, (owners.get(owner) ?? 0) + 1)
  }
  const all = result.samples?.length ?? 1
  const share = [...owners]
    .sort(([, a], [, b]) => b - a)
    .map(([owner, count]) => [owner, Math.round((count / all) * 1000) / 10])
  return Object.fromEntries(share) as Record<string, number>
}

function ownerOf(url: string): string {
  if (url.includes('/node_modules/kafkajs/')) return 'kafkajs'
  if (url.includes('/bench/scenarios')) return "user's code"
  const ours = /\/(harness\/(?:core|sim|kafka|poll-loop|clients|faults|run|search)|properties)\//.exec(url)
  return ours?.[1] ?? 'node'
}
