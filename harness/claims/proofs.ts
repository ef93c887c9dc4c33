import path from 'node:path'
import { readCounterexample } from '../check/counterexample-file.ts'
import { keysOf } from '../core/lists.ts'
import type { PreparedScenario } from '../run/run.interface.ts'
import { loadOneScenario } from '../scenario/load.ts'
import { prepareScenario } from '../scenario/prepare.ts'
import { search } from '../search/search.ts'
import type { Evidence, EvidenceBy, HousedClaim } from './claim.interface.ts'
import { FIGURES, type FigureName } from './figures.ts'

export const CLAIMS_FOLDER: string = path.resolve(import.meta.dirname, '../../scenarios/claims')

/** One seed, so that the same code gives the same page. */
export const SEED = '1'

/** Schedules of a search where nobody says otherwise: the page speaks of as many. */
export const RUNS = 60

/** The outcome of one proof; `said` is what the page says of it. */
export interface Proof {
  readonly ok: boolean
  readonly said: string
}

/** Proves one piece of evidence again. @param runs schedules of a search */
export async function prove(folder: string, evidence: Evidence, runs: number): Promise<Proof> {
  switch (evidence.by) {
    case 'search':
      return searched(folder, evidence, runs)
    case 'counterexample':
      return replayed(folder, evidence)
    case 'figures':
      return counted(folder, evidence)
  }
}

/** Several claims have the same evidence: each scenario is searched once. */
const searches = new Map<string, Promise<Proof>>()

function searched(folder: string, { file }: EvidenceBy<'search'>, runs: number): Promise<Proof> {
  const key = `${path.posix.join(folder, file)} ${runs}`
  const known = searches.get(key) ?? searchAgain(folder, file, runs)
  searches.set(key, known)
  return known
}

async function searchAgain(folder: string, file: string, runs: number): Promise<Proof> {
  const prepared = await prepare(folder, file)
  const outcome = await search(prepared, { seed: SEED, runs, strategy: 'portfolio' })
  if (outcome.outcome === 'held') return { ok: true, said: `held over ${outcome.runs} schedules` }
  const why = outcome.outcome === 'violated' ? `: ${outcome.finding.message}` : ''
  return { ok: false, said: `${outcome.outcome} after ${outcome.runs} schedules${why}` }
}

async function replayed(
  folder: string,
  { file, property, replay }: EvidenceBy<'counterexample'>,
): Promise<Proof> {
  const { schedule, explanation, scenario } = readCounterexample(path.join(CLAIMS_FOLDER, folder, replay))
  const prepared = await prepare(folder, file)
  if (scenario.name !== prepared.name) return { ok: false, said: `${replay} is of '${scenario.name}'` }
  const { verdict } = await prepared.run(schedule, { stopAt: property })
  const found = verdict.violations.map((each) => each.property)
  if (found.includes(property)) return { ok: true, said: `${property}: ${explanation.sentence}` }
  return { ok: false, said: `${replay} shows ${found.join(', ') || 'nothing'}, not ${property}` }
}

async function counted(folder: string, evidence: EvidenceBy<'figures'>): Promise<Proof> {
  const found = await figuresOf(folder, evidence)
  const said = Object.entries(found).map(([name, value]) => `${name}: ${value}`)
  const wrong = keysOf(evidence.figures).filter((name) => found[name] !== evidence.figures[name])
  const ok = wrong.length === 0
  return {
    ok,
    said: ok ? said.join(', ') : `${said.join(', ')}; the claim says ${JSON.stringify(evidence.figures)}`,
  }
}

async function figuresOf(
  folder: string,
  { file, faults, figures }: EvidenceBy<'figures'>,
): Promise<Partial<Record<FigureName, number>>> {
  const prepared = await prepare(folder, file)
  const schedule = { seed: SEED, workload: prepared.workload(SEED), faults, holds: [] }
  const { history, skipped } = await prepared.run(schedule, { stopAt: 'end' })
  if (skipped.length > 0)
    throw new Error(
      `a fault of ${folder}/${file} never acted: ${skipped.map((each) => each.reason).join('; ')}`,
    )
  return Object.fromEntries(keysOf(figures).map((name) => [name, FIGURES[name](history.events)]))
}

const scenarios = new Map<string, Promise<PreparedScenario>>()

function prepare(folder: string, file: string): Promise<PreparedScenario> {
  const absolute = path.join(CLAIMS_FOLDER, folder, file)
  const known = scenarios.get(absolute) ?? load(absolute)
  scenarios.set(absolute, known)
  return known
}

async function load(absolute: string): Promise<PreparedScenario> {
  return prepareScenario(await loadOneScenario(absolute), { file: absolute })
}

/** The reason why a verdict does not follow from its evidence; null: it does. */
export function gapOf({ claim: { verdict, evidence } }: HousedClaim): string | null {
  const says = new Set(evidence.map((each) => each.says))
  const needed = { holds: ['for'], refuted: ['against'], 'holds if': ['for', 'against'] }[verdict]
  const missing = needed.filter((each) => !says.has(each as Evidence['says']))
  if (missing.length > 0) return `'${verdict}' needs evidence ${missing.join(' and ')}`
  if (verdict === 'holds' && says.has('against')) return "'holds' has evidence against it"
  return null
}
