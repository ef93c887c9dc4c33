import { unreachable } from './errors.ts'
import type { Fault, Hold, Moment } from './fault.ts'

/** A fault as a person reads it: `crash consumer-0 after 'consumer-0 OffsetCommit#2 applied', restart after 1 s`. */
export function describeFault(fault: Fault): string {
  return `${what(fault)} ${when(fault.at)}${details(fault)}`
}

export function describeHold({ event, durationMs }: Hold): string {
  return `hold '${event}' for ${seconds(durationMs)}`
}

export function seconds(ms: number): string {
  return ms < 1_000 ? `${ms} ms` : `${ms / 1_000} s`
}

function when(at: Moment): string {
  return 'event' in at ? `after '${at.event}'` : `at ${seconds(at.atMs)}`
}

function what(fault: Fault): string {
  const { target } = fault
  switch (fault.kind) {
    case 'crash':
      return `crash ${target}`
    case 'pause':
      return `pause ${target} for ${seconds(fault.durationMs)}`
    case 'graceful-restart':
      return `SIGTERM to ${target}`
    case 'join':
      return `start ${target}`
    case 'leave':
      return `SIGTERM to ${target}, not started again`
    case 'slow-handler':
      return `slow down the work for ${target} by ${seconds(fault.durationMs)}`
    case 'handler-error':
      return `fail the handler of ${target} ${fault.times === 'once' ? 'once' : 'every time'}`
    case 'malformed-record':
      return `cut the value of ${target} in half`
    case 'link-latency':
      return `slow down ${target} by ${seconds(fault.extraMs)} for ${seconds(fault.durationMs)}`
    case 'link-cut':
      return `cut ${target} for ${seconds(fault.durationMs)}`
    case 'link-reset':
      return `reset the connections of ${target}`
    case 'link-refuse':
      return `refuse connections of ${target} for ${seconds(fault.durationMs)}`
    case 'request-lost':
      return `lose ${target} before it is applied`
    case 'answer-lost':
      return `apply ${target} and lose its answer`
    case 'request-delayed':
      return `delay ${target} by ${seconds(fault.durationMs)}`
    case 'answer-delayed':
      return `apply ${target} and delay its answer by ${seconds(fault.durationMs)}`
    case 'disconnect-before':
      return `close the connection before ${target} is applied`
    case 'disconnect-after':
      return `close the connection after ${target} was applied`
    case 'request-error':
      return `answer ${target} with ${fault.error}`
    case 'throttle':
      return `throttle ${target} to a request each ${seconds(fault.throttleMs)} for ${seconds(fault.durationMs)}`
    case 'acl-revoked':
      return `take '${target}' away for ${seconds(fault.durationMs)}`
    case 'records-deleted':
      return `delete the records of ${target}`
    case 'topic-recreated':
      return `delete the topic ${target} and make it anew`
    case 'broker-down':
      return `take ${target} down for ${seconds(fault.durationMs)}`
    case 'broker-crash':
      return `take the power from ${target} for ${seconds(fault.durationMs)}`
    case 'replica-lag':
      return `let the replicas of ${target} fetch nothing for ${seconds(fault.durationMs)}`
    case 'controller-cut':
      return `cut ${target} from the controller for ${seconds(fault.durationMs)}`
    case 'unclean-election':
      return `elect the replica of ${target} that is furthest behind`
    case 'leader-moved':
      return `move the leader of ${target}`
    case 'coordinator-moved':
      return `move the coordinator of the group ${target}`
    case 'partitions-added':
      return `add ${fault.count} partition${fault.count === 1 ? '' : 's'} to ${target}`
    case 'effect-error':
      return `refuse the effect of ${target} ${fault.times === 'once' ? 'once' : 'every time'}`
    case 'effect-ack-lost':
      return `do the effect of ${target} and lose its answer`
    default:
      return unreachable(fault)
  }
}

function details(fault: Fault): string {
  return 'restartMs' in fault ? `, restart after ${seconds(fault.restartMs)}` : ''
}
