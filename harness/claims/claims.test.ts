import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { EvidenceBy } from './claim.interface.ts'
import { CLAIMS } from './claims.ts'
import { PAGE, pageOf } from './page.ts'
import { CLAIMS_FOLDER, gapOf, prove, RUNS } from './proofs.ts'

/** A sample: `npm run claims` searches more. */
const SAMPLE = 2
/** Files that `npm run scenarios` searches with the same seed: here, one run without a fault. */
const SEARCHED_ELSEWHERE = /^\.\.\/\.\.\/(?:mutants|correct|services|style)\//
const LAST = 73

describe('the claims', () => {
  it('are all there, each once, with a verdict', () => {
    const all = Array.from({ length: LAST }, (_, index) => `C${String(index + 1).padStart(2, '0')}`)
    expect(CLAIMS.map(({ claim }) => claim.id).sort()).toEqual(all)
    const folders = readdirSync(CLAIMS_FOLDER, { withFileTypes: true }).filter((each) => each.isDirectory())
    expect(CLAIMS.map(({ folder }) => folder).sort()).toEqual(folders.map(({ name }) => name).sort())
    for (const { folder, claim } of CLAIMS) expect(folder.startsWith(`${claim.id}-`)).toBe(true)
  })

  it('have verdicts that follow from their evidence', () => {
    expect(CLAIMS.flatMap((each) => gapOf(each) ?? [])).toEqual([])
  })

  it('leave no scenario and no replay file unused', () => {
    for (const { folder, claim } of CLAIMS) {
      const used = claim.evidence.flatMap((each) =>
        each.by === 'counterexample' ? [each.file, each.replay] : [each.file],
      )
      const files = readdirSync(path.join(CLAIMS_FOLDER, folder)).filter((name) =>
        /\.scenario\.ts$|\.json$/.test(name),
      )
      expect(files.filter((name) => !used.includes(name))).toEqual([])
    }
  })

  it('stand on the page, each with its verdict and its evidence', () => {
    const page = readFileSync(PAGE, 'utf8')
    for (const { folder, claim } of CLAIMS) {
      expect(page).toContain(`${claim.claim} | **${claim.verdict}** | ${claim.because} |`)
      for (const { what, file } of claim.evidence)
        expect(page).toContain(`[${what}](${path.posix.join(folder, file)}): `)
    }
  })
})

describe('the page', () => {
  const page = readFileSync(PAGE, 'utf8')

  it('speaks of as many schedules as `npm run claims` searches', () => {
    const spoken = [...page.matchAll(/held over (\d+) schedules/g)].map(([, schedules]) => Number(schedules))
    expect([...new Set(spoken)]).toEqual([RUNS])
  })

  it('keeps the sentence of each piece of evidence that was not proved again', () => {
    expect(pageOf(new Map())).toBe(page)
  })
})

describe('the page of the articles', () => {
  const articles = readFileSync(path.join(CLAIMS_FOLDER, 'ARTICLES.md'), 'utf8')

  it('names every claim, with its verdict', () => {
    const named = [...articles.matchAll(/\[(C\d\d)\]\(README\.md#c\d\d\) \*\*([a-z ]+)\*\*/g)]
    const verdicts = new Map(CLAIMS.map(({ claim }) => [claim.id, claim.verdict as string]))
    expect(named.filter(([, id = '', verdict]) => verdicts.get(id) !== verdict)).toEqual([])
    expect([...new Set(named.map(([, id]) => id))].sort()).toEqual([...verdicts.keys()].sort())
  })
})

describe.each(CLAIMS)('$claim.id: $claim.claim', ({ folder, claim: { evidence } }) => {
  it.each(evidence.map((each) => [`${each.says}, ${each.client}: ${each.what}`, each] as const))(
    '%s',
    async (_, each) => {
      const proof = await prove(folder, each, SEARCHED_ELSEWHERE.test(each.file) ? 1 : SAMPLE)
      expect(proof.ok, proof.said).toBe(true)
    },
  )
})

describe('a claim without evidence', () => {
  it('is refused, whatever its verdict', () => {
    const none = { folder: 'C00-none', claim: { id: 'C00', claim: '', because: '', evidence: [] } }
    const verdicts = ['holds', 'refuted', 'holds if'] as const
    expect(verdicts.map((verdict) => gapOf({ ...none, claim: { ...none.claim, verdict } }))).not.toContain(
      null,
    )
  })

  it('and so is one whose figures are others', async () => {
    const { folder, evidence } = firstFigures()
    const wrong = { ...evidence, figures: { ...evidence.figures, lost: 1_000 } }
    expect((await prove(folder, wrong, SAMPLE)).ok).toBe(false)
  })
})

function firstFigures(): { folder: string; evidence: EvidenceBy<'figures'> } {
  for (const { folder, claim } of CLAIMS)
    for (const evidence of claim.evidence) if (evidence.by === 'figures') return { folder, evidence }
  throw new Error('no claim has figures')
}
