import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { type Named, nameOf, type PlayedBehaviours } from './table.ts'

function fileOf(release: string): string {
  return path.join(import.meta.dirname, 'recorded', `${release}.json`)
}

/** The recorded answers of a real Kafka to these behaviours. */
export function readRecorded(release: string, known: readonly Named[]): PlayedBehaviours {
  const all = JSON.parse(readFileSync(fileOf(release), 'utf8')) as Record<string, string[]>
  return new Map(known.map((behaviour) => [behaviour, all[nameOf(behaviour)] ?? []]))
}

/**
 * Keeps a real Kafka's answers for the tests.
 * @param options.keepsOthers whether behaviours that were not played keep their answers
 */
export function writeRecorded(
  release: string,
  played: PlayedBehaviours,
  { keepsOthers }: { readonly keepsOthers: boolean },
): void {
  const file = fileOf(release)
  mkdirSync(path.dirname(file), { recursive: true })
  const before: unknown = keepsOthers ? JSON.parse(readFileSync(file, 'utf8')) : {}
  const entries = [...played].map(([behaviour, seen]) => [nameOf(behaviour), seen])
  const all = { ...(before as object), ...(Object.fromEntries(entries) as object) }
  writeFileSync(file, `${JSON.stringify(all, null, 2)}\n`)
}
