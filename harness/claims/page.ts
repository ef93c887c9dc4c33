import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Claim, Evidence, HousedClaim } from './claim.interface.ts'
import { CLAIMS } from './claims.ts'
import { CLAIMS_FOLDER } from './proofs.ts'

export const PAGE: string = path.join(CLAIMS_FOLDER, 'README.md')

/** The sentence of each piece of evidence, by claim and place in its list. */
export type Said = ReadonlyMap<string, string>

export function saidKey({ id }: Claim, index: number): string {
  return `${id}/${index}`
}

/** The page as Markdown. */
export function pageOf(said: Said): string {
  const count = (verdict: Claim['verdict']): number =>
    CLAIMS.filter(({ claim }) => claim.verdict === verdict).length
  return `${INTRODUCTION}
${CLAIMS.length} claims have a verdict: ${count('holds')} hold, ${count('refuted')} are refuted, ${count('holds if')} hold under a condition.

| claim | verdict | because |
|---|---|---|
${CLAIMS.map(({ claim }) => `| [${claim.id}](#${claim.id.toLowerCase()}) ${claim.claim} | **${claim.verdict}** | ${claim.because} |`).join('\n')}

## Evidence

${CLAIMS.map((housed) => sectionOf(housed, said)).join('\n')}`
}

const INTRODUCTION = `# Claims, put to the proof

    npm run claims

Statements that articles make about Kafka consumers, each with a verdict that a test checks. A row without evidence does not
exist. \`for\` proves the claim, \`against\` refutes it.

- a search: no violation in so many schedules (seed 1);
- a counterexample: one schedule, shrunk, that is replayed in the tests;
- figures: numbers counted in the history of one schedule.

\`npm run claims -- --only C04\` proves one claim again, \`npm run claims -- --write\` makes counterexamples that are missing and
writes this page. A claim is a folder with a \`claim.ts\` and its line in \`harness/claims/claims.ts\`.
`

function sectionOf({ folder, claim }: HousedClaim, said: Said): string {
  const rows = claim.evidence.map((evidence, index) => {
    const text = said.get(saidKey(claim, index)) ?? saidBefore(claim, index)
    return `- ${evidence.says}, ${evidence.client}: [${evidence.what}](${path.posix.join(folder, evidence.file)}): ${text}${replayOf(folder, evidence)}`
  })
  return `### ${claim.id}

${claim.claim} **${claim.verdict}**: ${claim.because}.

${rows.join('\n')}
`
}

function replayOf(folder: string, evidence: Evidence): string {
  if (evidence.by !== 'counterexample') return ''
  return `\n  \`npm run onceover -- replay ${path.posix.join('scenarios/claims', folder, evidence.replay)}\``
}

/**
 * For a page of which only a part was proved again: what it says already of the piece of evidence
 * at this place of its claim.
 */
function saidBefore({ id }: Claim, index: number): string {
  const text = existsSync(PAGE) ? readFileSync(PAGE, 'utf8') : ''
  const [, section = ''] = text.split(`\n### ${id}\n`)
  const lines = section.split(/\n##/, 1).join('').split('\n')
  const line = lines.filter((each) => each.startsWith('- '))[index] ?? ''
  return line.replace(/^- .*?\]\(.*?\): /, '')
}
