import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Answers } from './play.ts'

/** Kafka's releases whose answers are kept, each with the one whose answers it is told by. */
export const RELEASES_ASKED = { '4.1.0': '4.1', '3.9.1': '3.9' } as const
export type ReleaseAsked = keyof typeof RELEASES_ASKED

/** An answer in one line; a version that answers as the one before it is left out. */
type KeptAnswers = Readonly<Record<string, unknown>>

const fileOf = (release: ReleaseAsked): string =>
  path.join(import.meta.dirname, 'recorded', `${release}.json`)

export function readRecorded(release: ReleaseAsked): Answers {
  const kept = JSON.parse(readFileSync(fileOf(release), 'utf8')) as Readonly<Record<string, KeptAnswers>>
  return Object.fromEntries(Object.entries(kept).map(([name, answers]) => [name, unfolded(answers)]))
}

export function writeRecorded(release: ReleaseAsked, answers: Answers): void {
  const lines = Object.entries(answers).map(([name, each]) => {
    const versions = Object.entries(folded(each)).map(
      ([key, answer]) => `  ${JSON.stringify(key)}: ${JSON.stringify(answer)}`,
    )
    return `${JSON.stringify(name)}: {\n${versions.join(',\n')}\n}`
  })
  writeFileSync(fileOf(release), `{\n${lines.join(',\n')}\n}\n`)
}

/** `2-4`: three versions that answer the same. */
function folded(answers: Readonly<Record<string, unknown>>): KeptAnswers {
  const runs: { first: string; last: string; text: string }[] = []
  for (const [version, answer] of Object.entries(answers)) {
    const text = JSON.stringify(answer)
    const last = runs.at(-1)
    if (last?.text === text) last.last = version
    else runs.push({ first: version, last: version, text })
  }
  return Object.fromEntries(
    runs.map(({ first, last, text }): [string, unknown] => [`${first}-${last}`, JSON.parse(text)]),
  )
}

function unfolded(kept: KeptAnswers): Record<string, unknown> {
  const answers: Record<string, unknown> = {}
  for (const [range, answer] of Object.entries(kept)) {
    const [first = 0, last = first] = range.split('-').map(Number)
    for (let version = first; version <= last; version += 1) answers[String(version)] = answer
  }
  return answers
}
