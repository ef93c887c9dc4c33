import { appsOf, withProcesses } from '../../core/processes.ts'
import type { Schedule, Workload } from '../../core/schedule.ts'
import type { Stream } from '../../core/seed.ts'
import type { Knowledge } from '../knowledge.ts'

/**
 * One schedule of this many has another number of consumers, and one of as many has fewer records.
 */
const VARY_ONE_IN = 8

/**
 * The base with a seed of its own, so that latencies (and records that are a function of chance)
 * differ from run to run. A few have one consumer more or some fewer than configured, or stop after
 * some of the records.
 */
export function freshBase(random: Stream, { base, drawWorkload }: Knowledge): Schedule {
  const seed = `${base.seed}/${random.bits32().toString(36)}`
  const workload = drawWorkload === null ? base.workload : drawWorkload(seed)
  return { ...base, seed, workload: varied(random, workload) }
}

function varied(random: Stream, workload: Workload): Workload {
  const fewerRecords = random.oneIn(1, VARY_ONE_IN) && workload.records.length > 1
  const records = fewerRecords
    ? workload.records.slice(0, random.between(1, workload.records.length - 1))
    : workload.records
  const fewer = { ...workload, records }
  return random.oneIn(1, VARY_ONE_IN) ? otherProcesses(random, fewer) : fewer
}

/** Fewer processes, or one more; of several apps, of one whose number is not fixed. */
function otherProcesses(random: Stream, workload: Workload): Workload {
  const loose = Object.entries(appsOf(workload)).filter(([, { atLeast, atMost }]) => atLeast < atMost)
  if (loose.length === 0) return workload
  const [only] = loose
  const [app, { processes, atLeast, atMost }] =
    loose.length === 1 && only !== undefined ? only : random.pick(loose)
  return withProcesses(workload, app, random.between(atLeast, Math.min(atMost, processes + 1)))
}

const SPREAD_MS_MAX = 20_000

/**
 * The schedule with its records appended at any time of the first seconds, each partition in order;
 * those that have a time of their own as much later: what a scenario says comes at ten seconds is
 * never there before.
 */
export function spread(random: Stream, schedule: Schedule): Schedule {
  const { workload } = schedule
  const times = workload.records.map(() => random.below(SPREAD_MS_MAX)).sort((a, b) => a - b)
  const records = workload.records.map((record, index) => ({
    ...record,
    atMs: record.atMs + (times[index] ?? 0),
  }))
  return { ...schedule, workload: { ...workload, records } }
}
