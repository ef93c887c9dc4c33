import type { Counterexample } from '../harness/core/counterexample.ts'

/** The story as a Mermaid sequence diagram, for a pull request or a wiki page. */
export function mermaidReport({ explanation, violation }: Counterexample): string {
  const lanes = [...new Set(explanation.story.map(({ lane }) => lane))]
  const lines = explanation.story.map(
    ({ lane, text, timeUs }) =>
      `  Note over ${id(lane)}: ${(timeUs / 1_000_000).toFixed(3)} s ${plain(text)}`,
  )
  return [
    'sequenceDiagram',
    `  title ${plain(`${violation.property}: ${explanation.sentence}`)}`,
    ...lanes.map((lane) => `  participant ${id(lane)} as ${lane}`),
    ...lines,
    '',
  ].join('\n')
}

function id(lane: string): string {
  return lane.replace(/\W/g, '_')
}

/** Mermaid ends a statement at a semicolon and starts a comment at a number sign. */
function plain(text: string): string {
  return text.replaceAll(';', ',').replaceAll('#', '＃')
}
