import type { HistoryEvent } from '../core/history.ts'
import { Assignments } from './assignments.ts'
import { FetchOrder } from './fetch-order.ts'
import { MemberIds } from './member-ids.ts'

/** Parts of the simulated run that clients and brokers draw at random, to be drawn so again. */
export interface SimulatedDraws {
  readonly assignments: Assignments
  readonly fetchOrder: FetchOrder
  readonly memberIds: MemberIds
}

export function drawsOf(events: readonly HistoryEvent[]): SimulatedDraws {
  return {
    assignments: new Assignments(events),
    fetchOrder: new FetchOrder(events),
    memberIds: new MemberIds(events),
  }
}
