import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import path from 'node:path'
import type { Counterexample } from '../core/counterexample.ts'
import { jsonText } from '../core/json.ts'
import type { FindingState } from '../core/result.ts'
import { readCounterexample, slugOf, writeWhole } from './counterexample-file.ts'

/** The folder below that of the counterexamples. */
const CORPUS = 'corpus'
/** The folder of a counterexample says how the last check judged it. */
const FOLDERS = ['failing', 'resolved'] as const
type Was = (typeof FOLDERS)[number]

/** A scenario as replay files name it. */
export interface Whose {
  readonly name: string
  /** Absolute. */
  readonly file: string
}

/** A counterexample of an earlier check. */
export interface Remembered {
  /** Absolute. */
  readonly file: string
  readonly counterexample: Counterexample
  /** `committed`: a person has put it beside the scenario, so that it never fails again. */
  readonly was: Was | 'committed'
}

export interface Recall {
  readonly entries: readonly Remembered[]
  /** Files that could not be read, a sentence each. */
  readonly unread: readonly string[]
}

/**
 * The counterexamples of earlier checks: replay files in `<out>/corpus/failing` and `resolved`. Of
 * a file only the schedule is taken, for the scenario at hand: whatever module it names, none is
 * loaded.
 */
export class Corpus {
  readonly #folder: string
  readonly #whose: Whose

  constructor(out: string, whose: Whose) {
    this.#folder = path.resolve(out, CORPUS)
    this.#whose = whose
  }

  recall(): Recall {
    const slug = slugOf(this.#whose.name)
    const found = FOLDERS.map((was) => {
      const folder = path.join(this.#folder, was)
      return recallFrom(
        folder,
        was,
        (file, { scenario }) => {
          const its = path.resolve(path.dirname(file), scenario.file)
          return scenario.name === this.#whose.name && its === this.#whose.file
        },
        (name) => name.startsWith(`${slug}-`),
      )
    })
    return { entries: found.flatMap(({ entries }) => entries), unread: found.flatMap(({ unread }) => unread) }
  }

  /** The state of a finding of this cause, compared with the earlier ones. */
  stateOf(property: string, cause: string): Exclude<FindingState, 'resolved'> {
    const name = this.#nameOf(property, cause)
    if (existsSync(path.join(this.#folder, 'failing', name))) return 'ongoing'
    return existsSync(path.join(this.#folder, 'resolved', name)) ? 'regressed' : 'new'
  }

  /**
   * Keeps a counterexample that fails, in place of the file `old` where there is one; gives its
   * absolute path.
   */
  keep(content: Counterexample, cause: string, old: string | null): string {
    const { property } = content.violation
    const name = this.#nameOf(property, cause)
    const folder = path.join(this.#folder, 'failing')
    const file = path.join(folder, name)
    const scenarioFile = path.relative(folder, this.#whose.file).replaceAll(path.sep, '/')
    const scenario = { ...content.scenario, file: scenarioFile }
    writeWhole(file, `${jsonText({ ...content, scenario }, null, 2)}\n`)
    for (const each of [old, path.join(this.#folder, 'resolved', name)])
      if (each !== null && each !== file) rmSync(each, { force: true })
    return file
  }

  /** The path of a kept file among those that fail, or among those that no longer do. */
  pathOf(file: string, among: Was): string {
    return path.join(this.#folder, among, path.basename(file))
  }

  /** Moves it to those that fail, or to those that no longer do. Gives its new path. */
  move(file: string, to: Was): string {
    const moved = this.pathOf(file, to)
    if (moved === file) return file
    mkdirSync(path.dirname(moved), { recursive: true })
    renameSync(file, moved)
    return moved
  }

  /** One file a cause, so that it is found again. */
  #nameOf(property: string, cause: string): string {
    const { name, file } = this.#whose
    const from = path.relative(this.#folder, file).replaceAll(path.sep, '/')
    const hash = createHash('sha256')
      .update(jsonText([from, cause]))
      .digest('hex')
      .slice(0, 8)
    return `${slugOf(name)}-${property}-${hash}.json`
  }
}

/**
 * Replay files of the scenario in its own folder. They may have been copied from elsewhere: what
 * names a file of the same name is meant for this one.
 */
export function recallBeside({ name, file }: Whose): Recall {
  return recallFrom(path.dirname(file), 'committed', (_, { scenario }) => {
    const its = scenario.file.split('/').at(-1)
    return scenario.name === name && its === path.basename(file)
  })
}

function recallFrom(
  folder: string,
  was: Remembered['was'],
  isOf: (file: string, counterexample: Counterexample) => boolean,
  isNamed: (name: string) => boolean = () => true,
): Recall {
  const names = existsSync(folder) ? readdirSync(folder).sort() : []
  const entries: Remembered[] = []
  const unread: string[] = []
  for (const name of names) {
    if (!name.endsWith('.json') || !isNamed(name)) continue
    const file = path.join(folder, name)
    try {
      // Beside a scenario there are all kinds of files, and some are large.
      if (was === 'committed' && !readFileSync(file, 'utf8').includes('"historyHash"')) continue
      const counterexample = readCounterexample(file)
      if (isOf(file, counterexample)) entries.push({ file, counterexample, was })
    } catch (error) {
      unread.push(error instanceof Error ? error.message : String(error))
    }
  }
  return { entries, unread }
}
