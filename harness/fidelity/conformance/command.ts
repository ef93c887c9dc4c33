import { EXIT, optionsOf, type Print, type ToolExit } from '../tool.ts'
import { BEHAVIOURS } from './behaviours/index.ts'
import { DIALOGUES } from './guarded/dialogues.ts'
import * as guarded from './guarded/play.ts'
import { onKafka, onServe, onSimulation } from './play.ts'
import { reasonOf } from './reasons.ts'
import { readRecorded, writeRecorded } from './recorded.ts'
import * as several from './several/play.ts'
import { STORIES } from './several/stories.ts'
import type { Behaviour } from './steps.ts'
import {
  type BehaviourRow,
  firstDifference,
  type Named,
  nameOf,
  type PlayedBehaviours,
  standingOf,
} from './table.ts'
import { writeTable } from './written-table.ts'

interface ConformanceOptions {
  readonly releases: string
  readonly only?: string
  readonly record: boolean
  readonly recorded: boolean
  readonly write: boolean
  readonly stories: boolean
}

/** Everything that is played, by the sort of client that plays it. */
interface WantedBehaviours {
  readonly behaviours: readonly Behaviour[]
  readonly dialogues: typeof DIALOGUES
  readonly stories: typeof STORIES
}

/**
 * `npm run conformance [-- --releases 4.1.0,3.9.1 --only G7,G8 --record --recorded --write]`: the
 * behaviours of all rows on the simulation, on the same cluster over TCP, and on real Kafkas from
 * Maven Central. Prints what differs. `--record` keeps the answers of the real ones, for `npm
 * test`; `--recorded` takes those instead of asking. `--write` puts the table into FIDELITY.md.
 * `--no-stories` leaves out behaviours of three brokers. @returns exit code 1 where something
 * differs without a reason
 */
export async function conformance(args: readonly string[], print: Print): Promise<ToolExit> {
  const options: ConformanceOptions = optionsOf({
    args: [...args],
    options: {
      releases: { type: 'string', default: '4.1.0,3.9.1' },
      only: { type: 'string' },
      record: { type: 'boolean', default: false },
      recorded: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      stories: { type: 'boolean', default: true },
    },
    allowNegative: true,
  })
  const wanted = wantedBy(options)
  const simulated = await playedHere(wanted)
  print(`simulation: ${simulated.size} behaviours played`)
  const overTcp = await playedOverTcp(wanted)
  print(`over TCP: ${overTcp.size} played`)
  const others: Record<string, PlayedBehaviours> = { 'over TCP': overTcp }
  const skipped: string[] = []
  for (const release of options.releases.split(',').filter((each) => each !== '')) {
    try {
      others[`Kafka ${release}`] = await playedBy(release, { options, wanted, simulated, print })
    } catch (error) {
      skipped.push(`Kafka ${release}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  const rows = rowsOf(wanted, simulated, others)
  const isExplained = report(rows, print)
  for (const each of skipped) print(`skipped: ${each}`)
  if (options.write && options.only === undefined && options.stories) writeTable(rows, Object.keys(others))
  return isExplained ? EXIT.equal : EXIT.different
}

function wantedBy({ only, stories }: ConformanceOptions): WantedBehaviours {
  const rows = only?.split(',')
  const isWanted = ({ row }: Named): boolean => rows === undefined || rows.includes(row)
  return {
    behaviours: BEHAVIOURS.filter(isWanted),
    dialogues: DIALOGUES.filter(isWanted),
    stories: stories ? STORIES.filter(isWanted) : [],
  }
}

async function playedHere({ behaviours, dialogues, stories }: WantedBehaviours): Promise<PlayedBehaviours> {
  return new Map([
    ...(await onSimulation(behaviours)),
    ...(await guarded.onSimulation(dialogues)),
    ...(await several.onSimulation(stories)),
  ])
}

async function playedOverTcp({ behaviours, dialogues }: WantedBehaviours): Promise<PlayedBehaviours> {
  return new Map([...(await onServe(behaviours)), ...(await guarded.onServe(dialogues))])
}

/** @throws Error where this Kafka can't be fetched or started */
async function playedBy(
  release: string,
  how: {
    readonly options: ConformanceOptions
    readonly wanted: WantedBehaviours
    readonly simulated: PlayedBehaviours
    readonly print: Print
  },
): Promise<PlayedBehaviours> {
  const { options, wanted, print } = how
  const { behaviours, dialogues, stories } = wanted
  const known = behaviours.filter(({ since }) => since === undefined || release.startsWith(since))
  if (options.recorded) return readRecorded(release, [...known, ...dialogues, ...stories])
  const alone = await playedTwice(known, release, how)
  const shown = dialogues.length === 0 ? [] : await guarded.onKafka(release, dialogues)
  const together = stories.length === 0 ? [] : await several.onKafka(release, stories)
  const played: PlayedBehaviours = new Map([...alone, ...shown, ...together])
  print(`Kafka ${release}: ${played.size} played`)
  if (options.record) writeRecorded(release, played, { keepsOthers: options.only !== undefined })
  return played
}

/** Unexpected behaviours are played a second time: a real broker's threads may be late once. */
async function playedTwice(
  known: readonly Behaviour[],
  release: string,
  { simulated, print }: { readonly simulated: PlayedBehaviours; readonly print: Print },
): Promise<PlayedBehaviours> {
  const first = await onKafka(known, release)
  const unexpected = known.filter((behaviour) => {
    const seen = first.get(behaviour)
    const equal = seen !== undefined && firstDifference(simulated.get(behaviour) ?? [], seen) === -1
    return !equal && reasonOf(behaviour) === null
  })
  if (unexpected.length === 0) return first
  print(`Kafka ${release}: looked at again: ${unexpected.map(nameOf).join('; ')}`)
  return new Map([...first, ...(await onKafka(unexpected, release))])
}

function rowsOf(
  { behaviours, dialogues, stories }: WantedBehaviours,
  simulated: PlayedBehaviours,
  others: Readonly<Record<string, PlayedBehaviours>>,
): BehaviourRow[] {
  return [...behaviours, ...dialogues, ...stories].map((behaviour) => ({
    behaviour,
    simulated: simulated.get(behaviour) ?? [],
    others: Object.fromEntries(
      Object.entries(others).map(([name, played]) => [name, played.get(behaviour) ?? null]),
    ),
    reason: reasonOf(behaviour),
  }))
}

/** Prints each difference and the sums. @returns whether every difference has a reason */
function report(rows: readonly BehaviourRow[], print: Print): boolean {
  const different = rows.filter((row) => standingOf(row) === 'different')
  for (const row of different) {
    const { row: number, title } = row.behaviour
    print(`\n${number} ${title}${row.reason === null ? '' : ` (${row.reason})`}`)
    for (const [name, seen] of Object.entries(row.others)) {
      const at = seen === null ? -1 : firstDifference(row.simulated, seen)
      if (at !== -1)
        print(`  step ${at + 1}: simulation ${row.simulated[at]}\n          ${name} ${seen?.[at]}`)
    }
  }
  const unexplained = different.filter(({ reason }) => reason === null).length
  print(
    `\n${rows.length} behaviours: ${rows.length - different.length} equal, ${different.length - unexplained} different with a reason, ${unexplained} different without`,
  )
  return unexplained === 0
}
