import type { AdminRequest } from './admin-request.ts'
import { type AnswerDifference, differences } from './differences.ts'
import type { Answers } from './play.ts'
import { REASONS, type Reason } from './reasons.ts'

export interface FoundDifference extends AnswerDifference {
  readonly name: string
  readonly version: string
  readonly reason: Reason | null
}

export interface Compared {
  /** Requests, and answers: one for each version of each. */
  readonly requests: number
  readonly answers: number
  readonly equal: number
  readonly differences: readonly FoundDifference[]
}

/** Compares the simulation's answers with those of a release. */
export function compared({
  requests,
  release,
  simulated,
  real,
}: {
  readonly requests: readonly AdminRequest[]
  readonly release: string
  readonly simulated: Answers
  readonly real: Answers
}): Compared {
  let answers = 0
  let equal = 0
  let asked = 0
  const found: FoundDifference[] = []
  for (const { name } of requests) {
    const versions = Object.entries(simulated[name] ?? {})
    if (versions.length > 0) asked += 1
    for (const [version, answer] of versions) {
      answers += 1
      const here = differences(answer, real[name]?.[version])
      if (here.length === 0) equal += 1
      for (const each of here)
        found.push({ ...each, name, version, reason: reasonOf(name, each.path, release) })
    }
  }
  return { requests: asked, answers, equal, differences: found }
}

function reasonOf(name: string, path: string, release: string): Reason | null {
  return (
    REASONS.find(
      (each) =>
        each.request.test(name) &&
        each.path.test(path) &&
        (each.release === undefined || release.startsWith(each.release)),
    ) ?? null
  )
}

export function summaryOf(
  release: string,
  { requests, answers, equal, differences: found }: Compared,
): string {
  const explained = new Set(
    found.filter(({ reason }) => reason !== null).map(({ name, version }) => `${name} ${version}`),
  )
  const open = new Set(
    found.filter(({ reason }) => reason === null).map(({ name, version }) => `${name} ${version}`),
  )
  for (const each of open) explained.delete(each)
  return `Kafka ${release}: ${requests} administrative requests, ${answers} whole answers in all versions: ${equal} equal, ${explained.size} different with a reason, ${open.size} different without`
}
