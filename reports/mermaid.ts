import type { Counterexample, StoryLine } from '../harness/core/counterexample.ts'
import { virtualTime } from './figures.ts'
import { storyMark } from './story-marks.ts'

const CLUSTER = 'cluster'

/** The story as a Mermaid sequence diagram, for a pull request or a wiki page. Ends with a newline. */
export function mermaidReport({ explanation, violation }: Counterexample): string {
  const { story, sentence } = explanation
  const lines = story.map(lineOf)
  const speaks = lines.some((line) => line.includes('>>'))
  const lanes = [...new Set([...story.map(({ lane }) => lane), ...(speaks ? [CLUSTER] : [])])]
  return [
    'sequenceDiagram',
    `  title ${plain(`${violation.property}: ${sentence}`)}`,
    ...lanes.map((lane) => `  participant ${id(lane)} as ${plain(lane)}`),
    ...lines.map((line) => `  ${line}`),
    '',
  ].join('\n')
}

function lineOf({ lane, text, timeUs }: StoryLine): string {
  const said = `${virtualTime(timeUs)} ${plain(text)}`
  switch (storyMark(text)) {
    case 'commit':
      return `${id(lane)}->>${CLUSTER}: ${said}`
    case 'told':
      return `${CLUSTER}-->>${id(lane)}: ${said}`
    case 'crash':
      return `Note over ${id(lane)}: ✗ ${said}`
    default:
      return `Note over ${id(lane)}: ${said}`
  }
}

/** `end`, `loop` and the like would end or open a block. */
function id(lane: string): string {
  return lane === CLUSTER ? CLUSTER : `p_${lane.replace(/\W/g, '_')}`
}

const ENTITIES: Readonly<Record<string, string>> = { '#': '#35;', ';': '#59;', '<': '#lt;', '>': '#gt;' }

/** Mermaid ends a statement at a semicolon and starts a comment at a number sign; both have entity codes. */
function plain(text: string): string {
  return text.replaceAll(/[#;<>]/g, (character) => ENTITIES[character] ?? character).replaceAll(/\s+/g, ' ')
}
