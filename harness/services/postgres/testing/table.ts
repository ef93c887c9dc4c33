import type { EngineDifference } from './cases.ts'

const HEAD = `| what sessions do | a server says | PGlite says | so |
|---|---|---|---|
`

/** Differences as rows of Markdown: what both columns say is tested. */
export function tableOf(differences: readonly EngineDifference[]): string {
  const rows = differences.map(({ title, script, says, onPglite, note }) =>
    [`${title}: ${lines(script)}`, lines(says), lines(onPglite), note].join(' | '),
  )
  return HEAD + rows.map((row) => `| ${row} |\n`).join('')
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `\`${text.replaceAll('\t', ' ').replaceAll('|', '\\|')}\``).join('<br>')
}
