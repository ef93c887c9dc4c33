import type { Counterexample } from '../harness/core/counterexample.ts'
import { isProcess } from '../harness/core/processes.ts'
import type { Workload } from '../harness/core/schedule.ts'
import type { StoryLine } from '../harness/core/story.ts'
import { virtualTime } from './figures.ts'
import { lanesOf } from './lanes.ts'

const CLUSTER = 'cluster'

/**
 * The story as a Mermaid sequence diagram, for a pull request or a wiki page. Ends with a newline.
 */
export function mermaidReport(counterexample: Counterexample): string {
  const { explanation, violation, schedule } = counterexample
  const { story, sentence } = explanation
  const speaks = story.some((line) => isMessage(line, schedule.workload))
  const own = lanesOf(counterexample)
  const lanes = speaks && !own.includes(CLUSTER) ? [...own, CLUSTER] : own
  const ends = [...new Set([lanes[0], lanes.at(-1)])].filter((lane) => lane !== undefined).map(id)
  const lines = story.map((line) => lineOf(line, ends.join(','), schedule.workload))
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

/** A process tells the cluster something, or hears from it. */
function isMessage({ lane, mark }: StoryLine, workload: Workload): boolean {
  return isProcess(lane, workload) && (mark === 'commit' || mark === 'told')
}

function lineOf(line: StoryLine, all: string, workload: Workload): string {
  const { lane, text, timeUs, mark, fault } = line
  if (lane === '') return `Note over ${all}: ${plain(text)}`
  const said = `${virtualTime(timeUs)} ${fault === undefined ? '' : '⚡ '}${plain(text)}`
  if (isMessage(line, workload))
    return mark === 'commit' ? `${id(lane)}->>${CLUSTER}: ${said}` : `${CLUSTER}-->>${id(lane)}: ${said}`
  return `Note over ${id(lane)}: ${mark === 'crash' ? '✗ ' : ''}${said}`
}

/** `end`, `loop` and the like would end or open a block. */
function id(lane: string): string {
  return lane === CLUSTER ? CLUSTER : `p_${lane.replace(/\W/g, '_')}`
}

const ENTITIES: Readonly<Record<string, string>> = { '#': '#35;', ';': '#59;', '<': '#lt;', '>': '#gt;' }

/**
 * Mermaid ends a statement at a semicolon and starts a comment at a number sign; both have entity
 * codes.
 */
function plain(text: string): string {
  return text.replaceAll(/[#;<>]/g, (character) => ENTITIES[character] ?? character).replaceAll(/\s+/g, ' ')
}
