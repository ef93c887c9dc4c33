import type { Counterexample } from '../harness/core/counterexample.ts'
import { parseBrokerName } from '../harness/core/names.ts'
import { isProcess } from '../harness/core/processes.ts'
import type { Workload } from '../harness/core/schedule.ts'

const LAST: readonly string[] = ['store', 'cluster', 'network', 'workload', 'harness']

/**
 * The lanes of a story's picture: processes in their order, brokers, groups, and what is nobody's
 * last.
 */
export function lanesOf({
  explanation: { story },
  schedule: { workload },
}: Counterexample): readonly string[] {
  const lanes = [...new Set(story.map(({ lane }) => lane))].filter((lane) => lane !== '')
  return lanes.sort(
    (a, b) => rank(a, workload) - rank(b, workload) || a.localeCompare(b, 'en', { numeric: true }),
  )
}

function rank(lane: string, workload: Workload): number {
  if (isProcess(lane, workload)) return 0
  if (parseBrokerName(lane) !== null) return 1
  return LAST.indexOf(lane) === -1 ? 2 : 3 + LAST.indexOf(lane)
}
