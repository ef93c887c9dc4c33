import type { EventOf, HistoryEvent } from '../../../harness/core/history.ts'
import { operationName } from '../../../harness/core/names.ts'
import { callsText, on, type Telling } from '../beat.ts'
import { openAt, sameLife } from '../facts.ts'
import type { Scope } from '../scope.ts'
import { codeText } from '../words.ts'
import { endsIdle } from './work.ts'

/** First words of what only asks, of the services that Onceover brings. */
const ASKING = /^(?:SELECT|SHOW|BEGIN|GET|HGET|HGETALL|MGET|EXISTS|SMEMBERS|LRANGE|WATCH|MULTI|HEAD)\b/

/**
 * Calls of services, where a finding does not say what it is about: what stands in the services is
 * then the story. Elsewhere the call that a fault strikes, and those of a handler that ended
 * without an effect: what it found there is why.
 */
export function callBeat(event: HistoryEvent, scope: Scope): Telling | null {
  if (event.kind !== 'call') return null
  if (!scope.isOfAll && !scope.strikes.has(event.seq) && !isOfIdle(event, scope)) return null
  const { process, service, phase, error } = event
  const name = operationName(event)
  const line = on(process)
  if (phase === 'applied' && error !== null)
    return line(`gets the answer ${codeText(error)} to ${name} from ${service}`, 'trouble')
  if (phase === 'applied' && scope.facts.isStill(event, event.seq))
    return on(service)(`does ${name}, which ${process} had sent before`, 'trouble')
  if (phase === 'applied') return applied(event)
  // One that dies at this moment misses no answer.
  if (phase !== 'lost' || scope.facts.isStill(event, event.seq + 1)) return null
  return line(`gets no answer to ${name} at ${service}`, 'trouble')
}

/** A commit of the store has a line of its own. */
function isOfIdle(event: EventOf<'call'>, scope: Scope): boolean {
  if (event.phase !== 'applied' || event.operation === 'COMMIT') return false
  return scope.facts.attempts.some(
    (attempt) =>
      sameLife(attempt, event) &&
      attempt.start.seq < event.seq &&
      openAt(attempt, event.seq) &&
      attempt.end?.kind === 'handler-end' &&
      endsIdle(attempt.end, scope),
  )
}

function applied({ process, service, operation, ordinal }: EventOf<'call'>): Telling {
  const calls = { service, made: [{ operation, ordinal }] }
  return { ...on(process)(callsText(calls), 'work', ASKING.test(operation) ? 1 : 2), calls }
}
