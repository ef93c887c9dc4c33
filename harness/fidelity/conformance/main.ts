import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { BEHAVIOURS } from './behaviours/index.ts'
import { DIALOGUES } from './guarded/dialogues.ts'
import * as guarded from './guarded/play.ts'
import { onKafka, onServe, onSimulation } from './play.ts'
import { reasonOf } from './reasons.ts'
import * as several from './several/play.ts'
import { STORIES } from './several/stories.ts'
import type { Behaviour } from './steps.ts'
import {
  BEGIN,
  type BehaviourRow,
  END,
  firstDifference,
  type Named,
  nameOf,
  type PlayedBehaviours,
  standingOf,
  tableOf,
} from './table.ts'

/**
 * `npm run conformance [-- --releases 4.1.0,3.9.1 --only G7,G8 --record --recorded --write]`: the
 * behaviours of all rows on the simulation, on the same cluster over TCP, and on real Kafkas from
 * Maven Central. Prints what differs. `--record` keeps what the real ones answered, for `npm test`;
 * `--recorded` takes that for their answers instead of asking. `--write` puts the table into
 * FIDELITY.md. `--no-stories` leaves out what takes three brokers. Exit code 1 where something
 * differs without a reason.
 */
const { values } = parseArgs({
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
const FIDELITY = path.resolve(import.meta.dirname, '../../kafka/FIDELITY.md')
const isWanted = ({ row }: Named): boolean =>
  values.only === undefined || values.only.split(',').includes(row)
const behaviours = BEHAVIOURS.filter(isWanted)
const dialogues = DIALOGUES.filter(isWanted)
const stories = values.stories ? STORIES.filter(isWanted) : []
const others: Record<string, PlayedBehaviours> = {}
const skipped: string[] = []

const simulated: PlayedBehaviours = new Map([
  ...(await onSimulation(behaviours)),
  ...(await guarded.onSimulation(dialogues)),
  ...(await several.onSimulation(stories)),
])
console.log(`simulation: ${simulated.size} behaviours played`)
const overTcp: PlayedBehaviours = new Map([
  ...(await onServe(behaviours)),
  ...(await guarded.onServe(dialogues)),
])
others['over TCP'] = overTcp
console.log(`over TCP: ${overTcp.size} played`)
for (const release of values.releases.split(',').filter((each) => each !== '')) {
  const known = behaviours.filter(({ since }) => since === undefined || release.startsWith(since))
  if (values.recorded) {
    others[`Kafka ${release}`] = recorded(release, [...known, ...dialogues, ...stories])
    continue
  }
  try {
    const alone = await playTwice(known, release)
    const shown = dialogues.length === 0 ? [] : await guarded.onKafka(release, dialogues)
    const together = stories.length === 0 ? [] : await several.onKafka(release, stories)
    const played: PlayedBehaviours = new Map([...alone, ...shown, ...together])
    others[`Kafka ${release}`] = played
    console.log(`Kafka ${release}: ${played.size} played`)
    if (values.record) record(release, played)
  } catch (error) {
    skipped.push(`Kafka ${release}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** Unexpected behaviours are played a second time: a real broker's threads may be late once. */
async function playTwice(known: readonly Behaviour[], release: string): Promise<PlayedBehaviours> {
  const first = await onKafka(known, release)
  const unexpected = known.filter((behaviour) => {
    const seen = first.get(behaviour)
    const equal = seen !== undefined && firstDifference(simulated.get(behaviour) ?? [], seen) === -1
    return !equal && reasonOf(behaviour) === null
  })
  if (unexpected.length === 0) return first
  const titles = unexpected.map(nameOf)
  console.log(`Kafka ${release}: looked at again: ${titles.join('; ')}`)
  return new Map([...first, ...(await onKafka(unexpected, release))])
}

function fileOf(release: string): string {
  return path.join(import.meta.dirname, 'recorded', `${release}.json`)
}

/** The recorded answers of the real brokers. */
function recorded(release: string, known: readonly Named[]): PlayedBehaviours {
  const all = JSON.parse(readFileSync(fileOf(release), 'utf8')) as Record<string, string[]>
  return new Map(known.map((behaviour) => [behaviour, all[nameOf(behaviour)] ?? []]))
}

function record(release: string, played: PlayedBehaviours): void {
  const file = fileOf(release)
  mkdirSync(path.dirname(file), { recursive: true })
  const entries = [...played].map(([behaviour, seen]) => [nameOf(behaviour), seen])
  const before: unknown = values.only === undefined ? {} : JSON.parse(readFileSync(file, 'utf8'))
  const all = { ...(before as object), ...(Object.fromEntries(entries) as object) }
  writeFileSync(file, `${JSON.stringify(all, null, 2)}\n`)
}

const names = Object.keys(others)
const rows: BehaviourRow[] = [...behaviours, ...dialogues, ...stories].map((behaviour) => ({
  behaviour,
  simulated: simulated.get(behaviour) ?? [],
  others: Object.fromEntries(names.map((name) => [name, others[name]?.get(behaviour) ?? null])),
  reason: reasonOf(behaviour),
}))

let unexplained = 0
for (const row of rows) {
  if (standingOf(row) === 'equal') continue
  if (row.reason === null) unexplained += 1
  console.log(`\n${row.behaviour.row} ${row.behaviour.title}${row.reason === null ? '' : ` (${row.reason})`}`)
  for (const [name, seen] of Object.entries(row.others)) {
    const at = seen === null ? -1 : firstDifference(row.simulated, seen)
    if (at !== -1)
      console.log(`  step ${at + 1}: simulation ${row.simulated[at]}\n          ${name} ${seen?.[at]}`)
  }
}
const equal = rows.filter((row) => standingOf(row) === 'equal').length
console.log(
  `\n${rows.length} behaviours: ${equal} equal, ${rows.length - equal - unexplained} different with a reason, ${unexplained} different without`,
)
for (const each of skipped) console.log(`skipped: ${each}`)
if (values.write && values.only === undefined && values.stories) {
  const text = readFileSync(FIDELITY, 'utf8')
  const table = `${BEGIN}\n\n${tableOf(rows, names)}\n\n${END}`
  const from = text.indexOf(BEGIN)
  writeFileSync(
    FIDELITY,
    from === -1
      ? `${text.trimEnd()}\n\n## Behaviour by behaviour\n\n${table}\n`
      : `${text.slice(0, from)}${table}${text.slice(text.indexOf(END) + END.length)}`,
  )
}
process.exit(unexplained === 0 ? 0 : 1)
