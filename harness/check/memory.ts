import type { Counterexample } from '../core/counterexample.ts'
import type { FindingState, Recalled, RecalledState } from '../core/result.ts'
import type { PreparedScenario } from '../run/run.interface.ts'
import { shownPath } from '../scenario/load.ts'
import type { KnownFailure, KnownTried } from '../search/known.ts'
import type { FoundDefect } from '../search/outcome.ts'
import { Corpus, type Remembered, recallBeside } from './corpus.ts'
import type { SearchSettings } from './settings.ts'

/** The parts of a finding by which it is found again. */
type ToldDefect = Pick<FoundDefect, 'finding' | 'cause' | 'known'>

/** A finding as a replay file has it. */
export interface KeptCounterexample {
  readonly found: ToldDefect
  readonly content: Counterexample
}

/** Counterexamples that earlier checks left for this one, and that this one leaves for the next. */
export class Memory {
  readonly #corpus: Corpus | null
  readonly #entries: readonly Remembered[]
  readonly #leftOut: readonly string[]

  /**
   * For a scenario that no file could give back there is none. Of a search in parts the first one
   * tries what is known.
   */
  constructor(prepared: PreparedScenario, file: string | null, options: SearchSettings) {
    const whose = file === null ? null : { name: prepared.name, file }
    this.#corpus =
      whose === null || options.out === null || options.corpus !== true
        ? null
        : new Corpus(options.out, whose)
    const first = options.shard === undefined || options.shard.index === 1
    const recalled = first ? [this.#corpus?.recall(), whose === null ? undefined : recallBeside(whose)] : []
    const found = recalled.flatMap((each) => (each === undefined ? [] : [each]))
    const entries = found.flatMap((each) => each.entries)
    const unfit = entries.flatMap((each) => {
      const why = unfitness(each.counterexample, prepared)
      return why === null ? [] : [{ each, why: `${shownPath(each.file)} was not tried: ${why}` }]
    })
    this.#entries = entries.filter((entry) => !unfit.some(({ each }) => each === entry))
    this.#leftOut = [...found.flatMap((each) => each.unread), ...unfit.map(({ why }) => why)]
  }

  /** The schedules that a search tries first. */
  get known(): readonly KnownFailure[] {
    return this.#entries.map(({ counterexample: { schedule, violation } }) => ({
      schedule,
      property: violation.property,
    }))
  }

  /** The state of a finding, compared with the earlier ones; undefined: nothing is remembered. */
  stateOf(found: ToldDefect): Exclude<FindingState, 'resolved'> | undefined {
    const entry = this.#entryOf(found)
    if (entry !== null) return entry.was === 'failing' ? 'ongoing' : 'regressed'
    return this.#corpus?.stateOf(found.finding.property, found.cause)
  }

  /** The file that a finding was known from, or null. */
  knownFrom(found: ToldDefect): string | null {
    const entry = this.#entryOf(found)
    return entry === null ? null : shownPath(entry.file)
  }

  /**
   * Keeps what was found, moves what no longer fails, and tells what became of each. Where that
   * can't be written it says so: what was found is not lost with it.
   */
  keep(tried: readonly KnownTried[], found: readonly KeptCounterexample[] = []): Recalled | null {
    try {
      return this.#keep(tried, found)
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      return { tried: [], leftOut: [`what was found could not be kept for the next check: ${why}`] }
    }
  }

  #keep(tried: readonly KnownTried[], found: readonly KeptCounterexample[]): Recalled | null {
    /** The file of each entry that failed again, where the corpus has one. */
    const keptAs = new Map<Remembered, string>()
    const written = new Set<string>()
    for (const { found: each, content } of found) {
      const entry = this.#entryOf(each)
      const isOld = entry !== null && entry.was !== 'committed' && !written.has(entry.file)
      const old = isOld ? entry.file : null
      const file = this.#corpus?.keep(content, each.cause, old)
      if (file === undefined) continue
      written.add(file)
      if (entry !== null) keptAs.set(entry, file)
    }
    const told = tried.flatMap((came, index) => {
      const entry = this.#entries[index]
      if (entry === undefined) return []
      const fails = came === 'fails'
      const standing = entry.was === 'committed' ? undefined : this.#corpus?.pathOf(entry.file, 'failing')
      const isReplaced = standing !== undefined && written.has(standing)
      // Another schedule showed the same: it stands in its file now.
      if (isReplaced && !fails) return []
      const file = keptAs.get(entry) ?? (isReplaced ? standing : this.#settled(entry, fails))
      const { violation, explanation } = entry.counterexample
      return [
        {
          file: shownPath(entry.was === 'committed' ? entry.file : file),
          property: violation.property,
          sentence: explanation.sentence,
          state: stateOf(entry, fails),
        },
      ]
    })
    if (told.length === 0 && this.#leftOut.length === 0) return null
    return { tried: told, leftOut: this.#leftOut }
  }

  #settled({ file, was }: Remembered, fails: boolean): string {
    if (was === 'committed' || this.#corpus === null) return file
    return this.#corpus.move(file, fails ? 'failing' : 'resolved')
  }

  #entryOf({ known, finding }: ToldDefect): Remembered | null {
    const entry = known === null ? undefined : this.#entries[known]
    return entry?.counterexample.violation.property === finding.property ? entry : null
  }
}

function stateOf({ was }: Remembered, fails: boolean): RecalledState {
  if (fails) return was === 'failing' ? 'ongoing' : 'regressed'
  return was === 'failing' ? 'resolved' : 'passes'
}

/** Why a schedule is none of this scenario any more, or null. */
function unfitness({ schedule }: Counterexample, prepared: PreparedScenario): string | null {
  const kind = schedule.faults.find((fault) => !prepared.faultKinds.includes(fault.kind))?.kind
  if (kind !== undefined) return `the scenario no longer has the fault ${kind}`
  const { topics } = prepared.workload(schedule.seed)
  const topic = Object.keys(schedule.workload.topics).find((name) => topics[name] === undefined)
  return topic === undefined ? null : `the scenario no longer has the topic ${topic}`
}
