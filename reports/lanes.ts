import { parseBrokerName, parseProcessName } from '../harness/core/names.ts'
import type { StoryLine } from '../harness/core/story.ts'

const LAST: readonly string[] = ['store', 'cluster', 'network', 'workload', 'harness']

/**
 * The lanes of a story's picture: processes in their order, brokers, groups, and what is nobody's
 * last.
 */
export function lanesOf(story: readonly StoryLine[]): readonly string[] {
  const lanes = [...new Set(story.map(({ lane }) => lane))].filter((lane) => lane !== '')
  return lanes.sort((a, b) => rank(a) - rank(b) || a.localeCompare(b, 'en', { numeric: true }))
}

function rank(lane: string): number {
  if (parseProcessName(lane) !== null) return 0
  if (parseBrokerName(lane) !== null) return 1
  return LAST.indexOf(lane) === -1 ? 2 : 3 + LAST.indexOf(lane)
}
