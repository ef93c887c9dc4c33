import type { StoryLine } from '../harness/core/story.ts'

const LAST: readonly string[] = ['network', 'harness']

/** The lanes of a story's picture: processes in their order, then the network and the harness. */
export function lanesOf(story: readonly StoryLine[]): readonly string[] {
  return [...new Set(story.map(({ lane }) => lane))].sort(
    (a, b) => LAST.indexOf(a) - LAST.indexOf(b) || a.localeCompare(b, 'en', { numeric: true }),
  )
}
