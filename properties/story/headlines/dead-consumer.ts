import type { HistoryEvent } from '../../../harness/core/history.ts'
import { type Clause, type Headline, shown } from '../clause.ts'
import { type ConsumerEnd, fatalAttempt, isConsumerEnd } from '../fatal.ts'
import type { Scope } from '../scope.ts'
import { errorText, recordsText } from '../words.ts'

/**
 * `consumer-0 runs on without a consumer: profiles/0@0 ended it for good (…), and the app neither
 * restarted it nor exited.`
 */
export function deadConsumer({ events, finding, facts }: Scope): Headline | null {
  const ended = finding.events.flatMap((seq) => events[seq] ?? []).find(isConsumerEnd)
  if (ended === undefined) return null
  const by = fatalAttempt(facts, ended)
  const error = ended.kind === 'consumer-crashed' ? ` (${errorText(ended.error)})` : ''
  const who =
    by === null
      ? 'its consumer stopped'
      : `${recordsText(by.at, by.offsets[0] ?? 0n, by.offsets.at(-1) ?? 0n)} ended it`
  const why: Clause = {
    ...shown(
      `${ended.process} runs on without a consumer: ${who} for good${error}, and the app neither restarted it nor exited`,
      ended,
      by?.end,
    ),
    denies: { after: ended.seq, before: events.length, what: (event) => isRescue(event, ended) },
  }
  return { result: why, causes: [] }
}

function isRescue(event: HistoryEvent, { process, group }: ConsumerEnd): boolean {
  if (!('process' in event) || event.process !== process) return false
  if (event.kind === 'process-exited' || event.kind === 'process-crashed') return true
  return event.kind === 'consumer-started' && event.group === group
}
