import { callName, recordName, requestName } from '../names.ts'
import type { WorldEvent } from '../world-event.ts'

/** Whether an event shows a fault with this target at work. */
export type ShownBy = (event: WorldEvent, target: string) => boolean

/** By an event of this kind of the process that it is done to. */
export function processEvent(kind: WorldEvent['kind']): ShownBy {
  return (event, target) => event.kind === kind && 'process' in event && event.process === target
}

/** By the first of these events of the record that it is done to. */
export function recordEvent(...kinds: readonly WorldEvent['kind'][]): ShownBy {
  return (event, target) =>
    kinds.includes(event.kind) && 'partition' in event && 'offset' in event && recordName(event) === target
}

/** By its broker's answer. */
export const answered: ShownBy = (event, target) =>
  event.kind === 'request' && event.phase === 'applied' && requestName(event) === target

/** By its service's answer. */
export const callAnswered: ShownBy = (event, target) =>
  event.kind === 'call' && event.phase === 'applied' && callName(event) === target
