import { unreachable } from '../../harness/core/errors.ts'
import type { Fault } from '../../harness/core/fault.ts'
import type { Told } from '../../harness/core/story.ts'

/** A fault as a line of a story, or null where the events that it brings tell it better. */
export function faultLine(fault: Fault): Told | null {
  const network = (text: string): Told => ({ lane: 'network', text, mark: 'trouble' })
  const harness = (text: string): Told => ({ lane: 'harness', text, mark: 'trouble' })
  const { target } = fault
  switch (fault.kind) {
    case 'crash':
    case 'pause':
    case 'graceful-restart':
    case 'leave':
    case 'partitions-added':
      return null
    case 'join':
      return { lane: target, text: 'is added', mark: 'start' }
    case 'slow-handler':
      return harness(`the work on ${target} takes ${fault.durationMs} ms longer`)
    case 'handler-error':
      return harness(`the handler of ${target} fails${fault.times === 'always' ? ' each time' : ''}`)
    case 'malformed-record':
      return harness(`${target} is malformed`)
    case 'link-latency':
      return network(`${target} is slow`)
    case 'link-cut':
      return network(`${target} is cut`)
    case 'link-reset':
      return network(`connections of ${target} are reset`)
    case 'link-refuse':
      return network(`new connections of ${target} are refused`)
    case 'request-lost':
      return network(`${target} never arrives`)
    case 'answer-lost':
      return network(`${target} is done, and its answer is lost`)
    case 'request-delayed':
      return network(`${target} arrives late`)
    case 'answer-delayed':
      return network(`${target} is answered late`)
    case 'disconnect-before':
      return network(`the connection breaks before ${target} is done`)
    case 'disconnect-after':
      return network(`${target} is done, and the connection breaks before its answer`)
    case 'request-error':
      return network(`${target} is refused with ${fault.error}`)
    case 'throttle':
      return network(`${target} is throttled`)
    case 'acl-revoked':
      return harness(`the ACL '${target}' is taken away`)
    case 'records-deleted':
      return harness(`all records of ${target} are deleted`)
    case 'topic-recreated':
      return harness(`the topic ${target} is deleted and made anew`)
    case 'broker-down':
      return { lane: target, text: 'goes down', mark: 'crash' }
    case 'broker-crash':
      return { lane: target, text: 'loses its power', mark: 'crash' }
    case 'replica-lag':
      return { lane: target, text: 'fetches nothing for its replicas', mark: 'trouble' }
    case 'controller-cut':
      return { lane: target, text: 'hears nothing of the controller', mark: 'trouble' }
    case 'unclean-election':
      return harness(`a replica of ${target} that is behind becomes its leader`)
    case 'leader-moved':
      return harness(`another broker becomes the leader of ${target}`)
    case 'coordinator-moved':
      return harness(`another broker becomes the coordinator of ${target}`)
    case 'effect-error':
      return harness(`the effect of ${target} is refused${fault.times === 'always' ? ' each time' : ''}`)
    case 'effect-ack-lost':
      return harness(`the effect of ${target} is done, and its answer is lost`)
    default:
      return unreachable(fault)
  }
}
