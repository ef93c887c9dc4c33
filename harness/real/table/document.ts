import { outcomeOf } from '../../core/confirmation.ts'
import { keysOf } from '../../core/lists.ts'
import { median } from '../../core/median.ts'
import { TRANSLATIONS } from '../faults/index.ts'
import type { RowTries, TableRow } from './row.ts'

/** Out of ten: what counts as coming true. */
const RELIABLE = 0.9
/** Tries that every row should have, but for those whose schedule stands still for minutes. */
const TIMES = 10
const LONG_MS = 100_000
const GRADES = ['not applicable', 'approximate', 'exact'] as const
const HEAD =
  '| counterexample | property | faults | grade | reproduced | median | worst | twin accused | why not, and remarks |'

/** The rows in words, and what they come to. */
export function documentOf(rows: readonly TableRow[]): string {
  const sorted = rows.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const found = sorted.filter(({ isProbe }) => !isProbe)
  const tried = found.filter(({ mutant }) => mutant !== null && mutant.confirmation.of > 0)
  const rest = found.filter((row) => !tried.includes(row))
  return [
    ...totals(tried),
    '',
    HEAD,
    HEAD.replaceAll(/[^|]+/g, '---'),
    ...tried.map(lineOf),
    '',
    '## What could not be tried',
    '',
    '| counterexample | why |',
    '|---|---|',
    ...rest.map(
      (row) => `| ${row.name} | ${cell(row.mutant?.confirmation.notApplicable ?? row.problem ?? '')} |`,
    ),
    '',
    '## The kinds of faults',
    '',
    'How reality does each kind, and in how many tries, those above and those of twins included, a fault of it began. The last',
    'two columns are of `--kinds`: a correct service says that it processes each order exactly once, and gets the fault while its first',
    'commit is under way or its first handler works. The two should agree.',
    '',
    '| kind | grade | means | tries | began | a duplicate in the simulation | here |',
    '|---|---|---|---|---|---|---|',
    ...kindLines(sorted),
    '',
    '## Figures',
    '',
    ...figures(sorted),
    '',
  ].join('\n')
}

/**
 * The document with the lines of these rows in the place of their like, where the tries of its
 * other lines are no longer at hand. Totals and figures stay those of the whole that they were made
 * of: counterexamples take a whole document.
 * @throws Error where a row has no line there
 */
export function withLinesOf(document: string, rows: readonly TableRow[]): string {
  return kindLines(rows.filter(({ isProbe }) => isProbe))
    .filter((line) => !line.endsWith('|  |  |'))
    .reduce((text, line) => {
      const begin = `${line.split(' | ')[0]} | `
      const [there] = text.split('\n').filter((each) => each.startsWith(begin))
      if (there === undefined) throw new Error(`the document has no line that begins with '${begin}'`)
      return text.replace(there, () => line)
    }, document)
}

function totals(tried: readonly TableRow[]): string[] {
  const counts = tried.flatMap(({ mutant }) => (mutant === null ? [] : [mutant.confirmation]))
  const reliable = counts.filter(({ reproduced, of }) => reproduced >= RELIABLE * of)
  const always = counts.filter(({ reproduced, of }) => reproduced === of)
  const share = ((100 * reliable.length) / Math.max(1, counts.length)).toFixed(0)
  const twins = tried.flatMap(({ twin }) => (twin === null ? [] : [twin.confirmation]))
  const enough = counts.filter(({ of }) => of >= TIMES)
  return [
    `${reliable.length} of ${counts.length} counterexamples (${share} %) came true in at least nine of ten tries, ${always.length} of them in every try: ` +
      `${sum(counts.map(({ reproduced }) => reproduced))} of ${sum(counts.map(({ of }) => of))} tries reproduced the violation. ` +
      `${counts.length - enough.length} had fewer than ten tries; of the ${enough.length} that had ten, ${enough.filter((each) => reliable.includes(each)).length} came true as often as that. ` +
      `${twins.length} correct twins were accused in ${sum(twins.map(({ reproduced }) => reproduced))} of ${sum(twins.map(({ of }) => of))} tries.`,
  ]
}

function lineOf({ name, mutant, twin, before, problem, ownSessions = false }: TableRow): string {
  const { confirmation } = mutant as RowTries
  const { faults, reproduced, of, property } = confirmation
  const grade = GRADES.find((each) => faults.some((fault) => fault.grade === each)) ?? 'exact'
  const times = timesOf([mutant as RowTries])
  const words = faults.map(({ fault }) => fault.split(' after ')[0]).join('; ')
  const accused = twin === null ? '' : `${twin.confirmation.reproduced} of ${twin.confirmation.of}`
  const remarks = [
    ...(reproduced === of ? [] : [whyNot(mutant as RowTries)]),
    ...(of < TIMES && median(times) >= LONG_MS ? ['few tries: each stands still for minutes'] : []),
    ...(ownSessions ? ['sessions as the clients ask'] : []),
    ...before.map(
      (each) =>
        `an earlier count, repeated: ${each.reproduced} of ${each.of}, load up to ${each.load.toFixed(0)}`,
    ),
    ...(problem === null ? [] : [problem]),
  ]
  const cells = [name, property, words, grade, `${reproduced} of ${of}`]
  return `| ${[...cells, seconds(median(times)), seconds(Math.max(...times)), accused, cell(remarks.join('; '))].join(' | ')} |`
}

/** The reason why some try did not come to it, or where they parted from the simulated run. */
export function whyNot({ confirmation }: RowTries): string {
  const { tries } = confirmation
  const failed = tries.filter(({ reproduced }) => !reproduced)
  const troubles = failed.flatMap(({ diverged, faults }) => [
    ...diverged,
    ...faults.flatMap((fault) => ('skipped' in fault ? [fault.skipped] : [])),
  ])
  const also = [...new Set(failed.flatMap((each) => each.also))]
  const seen = also.length === 0 ? '' : ` (it shows ${also.join(', ')})`
  const { reproduced, of } = confirmation
  const silent =
    reproduced === 0 ? outcomeOf(confirmation) : `${of - reproduced} of ${of} took the same way and held`
  return `${troubles[0] ?? silent}${seen}`
}

function kindLines(rows: readonly TableRow[]): string[] {
  return keysOf(TRANSLATIONS).map((kind) => {
    const { grade, means } = TRANSLATIONS[kind]
    const places = rows.flatMap((row) => {
      const tries = [row.mutant, row.twin].flatMap((tried) => tried?.confirmation.tries ?? [])
      const began = tries.filter(({ faults }) =>
        row.kinds.some((each, index) => each === kind && 'beganMs' in (faults[index] ?? {})),
      )
      return row.kinds.includes(kind) && tries.length > 0
        ? [{ tries: tries.length, began: began.length }]
        : []
    })
    const tries = sum(places.map((each) => each.tries))
    const began = sum(places.map((each) => each.began))
    const probe = rows.find((row) => row.isProbe && row.kinds[0] === kind)
    const { reproduced = 0, of = 0 } = probe?.mutant?.confirmation ?? {}
    const [simulated, here] =
      of === 0 ? ['', ''] : [probe?.simulated === true ? 'yes' : 'no', `${reproduced} of ${of}`]
    return `| ${kind} | ${grade} | ${cell(means)} | ${tries} | ${began} | ${simulated} | ${here} |`
  })
}

function figures(rows: readonly TableRow[]): string[] {
  const all = rows.flatMap(({ mutant, twin }) =>
    [mutant, twin].flatMap((each) => (each === null ? [] : [each])),
  )
  const times = timesOf(all)
  const calls = all.flatMap(({ confirmation }) => confirmation.tries.map(({ toxiproxy }) => toxiproxy))
  const loads = all.flatMap((each) => each.loads)
  const count = sum(calls.map((each) => each.calls))
  const ms = sum(calls.map((each) => each.ms))
  const startsOf = (several: boolean): number[] =>
    rows
      .filter(({ brokers }) => brokers > 1 === several)
      .flatMap(({ mutant, twin }) => [mutant, twin].flatMap((each) => each?.startsMs ?? []))
  return [
    `- ${times.length} tries: median ${seconds(median(times))}, worst ${seconds(Math.max(0, ...times))}.`,
    `- ${count} calls of Toxiproxy were awaited, ${(count / Math.max(1, calls.length)).toFixed(1)} a try: ${(ms / Math.max(1, count)).toFixed(1)} ms each on average, ${Math.max(0, ...calls.map((each) => each.slowestMs)).toFixed(0)} ms the slowest.`,
    `- Start of a cluster of one broker: ${startWords(startsOf(false))}; of several: ${startWords(startsOf(true))}.`,
    `- Load average of the machine after a try: median ${median(loads).toFixed(1)}, at most ${Math.max(0, ...loads).toFixed(1)}.`,
  ]
}

function startWords(startsMs: readonly number[]): string {
  if (startsMs.length === 0) return 'none'
  const [all, worst] = [startsMs.length, Math.max(...startsMs)]
  return `median ${seconds(median(startsMs))}, worst ${seconds(worst)} (${all})`
}

/** How long each try took. */
export function timesOf(all: readonly RowTries[]): number[] {
  return all.flatMap(({ confirmation }) => confirmation.tries.map(({ ms }) => ms))
}

/** `42 s`, `8.1 s` */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

/** The text in a cell of a table. */
export function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}
