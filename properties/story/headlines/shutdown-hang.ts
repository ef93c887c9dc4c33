import { type Headline, shown } from '../clause.ts'
import { openAt, sameLife } from '../facts.ts'
import type { Scope } from '../scope.ts'
import { duration, listed, recordsText } from '../words.ts'

/**
 * `consumer-0 did not exit within 180 s of SIGTERM: the handler of quotes/0@0 was still running.`
 */
export function shutdownHang({ events, finding, facts }: Scope): Headline | null {
  const proving = finding.events.flatMap((seq) => events[seq] ?? [])
  const killed = proving.find((event) => event.kind === 'shutdown-timeout')
  const asked = proving.find((event) => event.kind === 'process-terminating')
  if (killed === undefined) return null
  const open = facts.attempts.filter((attempt) => sameLife(attempt, killed) && openAt(attempt, killed.seq))
  const names = open.map(({ at, offsets }) => recordsText(at, offsets[0] ?? 0n, offsets.at(-1) ?? 0n))
  const why = open.length === 0 ? '' : `: the handler of ${listed(names)} was still running`
  const within = `${killed.process} did not exit within ${duration(killed.graceMs * 1_000)} of SIGTERM`
  return { result: shown(`${within}${why}`, asked, killed, ...open.map(({ start }) => start)), causes: [] }
}
