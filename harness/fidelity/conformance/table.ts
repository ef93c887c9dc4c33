/** A client's record of one target, step by step. */
export type Transcript = readonly string[]

/** A behaviour by its name. */
export interface Named {
  /** A row of `harness/kafka/KAFKA.md`, such as `G4`, or the letter of a family without numbers. */
  readonly row: string
  readonly title: string
}

/** The behaviour's name in recorded answers and reasons. */
export function nameOf({ row, title }: Named): string {
  return `${row} ${title}`
}

/** The transcripts of one target, for each behaviour that it knows. */
export type PlayedBehaviours = ReadonlyMap<Named, Transcript>

export interface BehaviourRow {
  readonly behaviour: Named
  readonly simulated: Transcript
  /** By the target's name; null: not played there. */
  readonly others: Readonly<Record<string, Transcript | null>>
  readonly reason: string | null
}

export type Agreement = 'equal' | 'different'

export function standingOf({ simulated, others }: BehaviourRow): Agreement {
  return Object.values(others).every((seen) => seen === null || firstDifference(simulated, seen) === -1)
    ? 'equal'
    : 'different'
}

/** Index of the first line that differs, or −1. */
export function firstDifference(a: Transcript, b: Transcript): number {
  return a.findIndex((line, index) => line !== b[index])
}

export const BEGIN = '<!-- conformance: generated, do not edit -->'
export const END = '<!-- end of conformance -->'

/**
 * The table as Markdown: the last answer of each behaviour; where targets differ, the first one
 * that differs.
 */
export function tableOf(rows: readonly BehaviourRow[], names: readonly string[]): string {
  const equal = rows.filter((row) => standingOf(row) === 'equal').length
  const lines = rows.map((row) => {
    const at = Math.max(
      -1,
      ...names.map((name) => {
        const seen = row.others[name]
        return seen == null ? -1 : firstDifference(row.simulated, seen)
      }),
    )
    const shown = at === -1 ? row.simulated.length - 1 : at
    const cells = names.map((name) => {
      const seen = row.others[name]
      if (seen == null) return '–'
      return seen[shown] === row.simulated[shown] ? '=' : cell(seen[shown])
    })
    const title = row.reason === null ? row.behaviour.title : `${row.behaviour.title}. ${row.reason}`
    return `| ${row.behaviour.row} | ${title} | ${cell(row.simulated[shown])} | ${cells.join(' | ')} |`
  })
  return [
    `${rows.length} behaviours, ${equal} of them equal everywhere. \`=\`: as in the simulation; \`–\`: not known to that release, or not played over TCP, as it takes three brokers that die.`,
    '',
    `| Row | Behaviour | Simulation | ${names.join(' | ')} |`,
    `|---|---|---|${names.map(() => '---|').join('')}`,
    ...lines,
  ].join('\n')
}

const CELL_MAX = 110

function cell(text = 'nothing'): string {
  const plain = text.replaceAll('|', '\\|').replaceAll(/[<>]/g, ' ').trim()
  return plain.length > CELL_MAX ? `${plain.slice(0, CELL_MAX)}…` : plain
}
