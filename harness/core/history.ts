import type { Fault, FaultKind } from './fault.ts'
import type { WorldEvent } from './world-event.ts'

export type {
  RecordPosition,
  RequestPhase,
  TopicPartition,
} from './world-event.ts'

/**
 * An event of the history: an observation that an outside observer could make, or a fault that the
 * harness brought about. The simulated and the real cluster produce the same kind of history, so
 * the same properties judge both. A part of the world reports an `Observation`; the recorder stamps
 * it with sequence number and virtual time, which makes it a `HistoryEvent`.
 */
export type HistoryEvent = Stamped<Observation>

export type Observation = WorldEvent | FaultEvent

/** A fault of the schedule begins to act, or has healed. */
export interface FaultEvent {
  readonly kind: 'fault'
  /** Index in the schedule's list of faults. */
  readonly index: number
  readonly fault: Fault
  readonly phase: 'begins' | 'ends'
}

/** An event with its place in the history. */
export type Stamped<Event> = Event & {
  /** Position in the history, from 0. */
  readonly seq: number
  /** Virtual microseconds since the start of the run. */
  readonly timeUs: number
}

export type ObservationKind = Observation['kind']

/** One event of the closed union by its kind: `EventOf<'commit'>`. */
export type EventOf<Kind extends ObservationKind> = Extract<HistoryEvent, { readonly kind: Kind }>

export interface History {
  readonly events: readonly HistoryEvent[]
}

/** Receives what parts of the world report. */
export interface Observer {
  observe(observation: Observation): void
}

/** A fault of the schedule that never happened, because the event it was placed at never did. */
export interface SkippedFault {
  readonly index: number
  readonly kind: FaultKind
  readonly reason: string
}
