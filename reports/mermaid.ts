import type { Counterexample } from '../harness/core/counterexample.ts'
import type { StoryLine } from '../harness/core/story.ts'
import { virtualTime } from './figures.ts'
import { lanesOf } from './lanes.ts'

const CLUSTER = 'cluster'

/** The story as a Mermaid sequence diagram, for a pull request or a wiki page. Ends with a newline. */
export function mermaidReport({ explanation, violation }: Counterexample): string {
  const { story, sentence } = explanation
  const lines = story.map(lineOf)
  const speaks = lines.some((line) => line.includes('>>'))
  const lanes = [...lanesOf(story), ...(speaks ? [CLUSTER] : [])]
  const ends = [...new Set([lanes[0], lanes.at(-1)])].filter((lane) => lane !== undefined).map(id)
  // A title does not wrap, so the sentence is a note over all lanes.
  const cause = ends.length === 0 ? [] : [`  Note over ${ends.join(',')}: wrap:${plain(sentence)}`]
  return [
    'sequenceDiagram',
    `  title ${violation.property}`,
    ...lanes.map((lane) => `  participant ${id(lane)} as ${plain(lane)}`),
    ...cause,
    ...lines.map((line) => `  ${line}`),
    '',
  ].join('\n')
}

function lineOf({ lane, text, timeUs, mark }: StoryLine): string {
  const said = `${virtualTime(timeUs)} ${plain(text)}`
  switch (mark) {
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
