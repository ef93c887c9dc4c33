import type { EventOf, HistoryEvent } from '../../harness/core/history.ts'
import type { ByProcess } from '../../harness/core/world-event.ts'
import { type Clause, shown } from './clause.ts'
import { type Facts, sameLife } from './facts.ts'
import { errorText, removalText } from './words.ts'

interface Stretch {
  readonly after: number
  readonly before: number
}

/**
 * The first thing that happened to this life of a process in a stretch of the history: `crashed`,
 * `froze`.
 */
export function fateOf(facts: Facts, life: ByProcess, { after, before }: Stretch): Clause | null {
  const own = facts
    .between(after, before)
    .filter((event) => 'process' in event && 'incarnation' in event && sameLife(event, life))
  const exited = own.find(({ kind }) => kind === 'process-exited')
  if (exited?.kind === 'process-exited') return exitOf(facts, exited)
  const first = own.find(({ kind }) => ENDS.has(kind)) ?? own.find((event) => fateText(event) !== null)
  const text = first === undefined ? null : fateText(first)
  return first === undefined || text === null ? null : shown(text, first)
}

/** Events that matter more than a rejoin or a leave. */
const ENDS: ReadonlySet<HistoryEvent['kind']> = new Set([
  'process-crashed',
  'process-paused',
  'process-terminating',
  'consumer-crashed',
])

function exitOf({ events }: Facts, exited: EventOf<'process-exited'>): Clause {
  const asked = events
    .slice(0, exited.seq)
    .find((event) => event.kind === 'process-terminating' && sameLife(event, exited))
  const code = exited.code === 0 ? '' : ` (code ${exited.code})`
  return asked === undefined
    ? shown(`exited${code}`, exited)
    : shown(`exited on SIGTERM${code}`, exited, asked)
}

function fateText(event: HistoryEvent): string | null {
  switch (event.kind) {
    case 'process-crashed':
      return event.reason === 'SIGKILL' ? 'crashed' : `crashed (${errorText(event.reason)})`
    case 'process-paused':
      return 'froze'
    case 'process-terminating':
      return 'was shut down'
    case 'consumer-crashed':
      return event.restarts
        ? `restarted its consumer (${errorText(event.error)})`
        : `gave up (${errorText(event.error)})`
    case 'member-removed':
      return event.reason === 'left'
        ? 'left the group'
        : `was removed from the group (${removalText(event.reason)})`
    case 'revoked':
      return 'had to rejoin'
    default:
      return null
  }
}
