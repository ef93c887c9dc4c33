import type { Observation } from '../../core/history.ts'
import type { Clock } from '../cluster.interface.ts'
import type { Settings } from '../settings.ts'
import type { MemberInput } from './member.ts'

/** What a group needs of its coordinator: time, a log, names, and somebody to tell. */
export interface GroupHost {
  readonly clock: Clock
  readonly settings: Settings
  newMemberId(clientId: string): string
  /** Appends to the group's partition of `__consumer_offsets`; `durable` is called when the record is replicated. */
  append(group: string, record: GroupRecord, durable: () => void): void
  observe(observation: Observation): void
}

/** What survives a coordinator's failure: the group's last record in `__consumer_offsets`. */
export interface GroupRecord {
  readonly generation: number
  readonly leader: string | null
  readonly protocol: string | null
  readonly protocolType: string | null
  /** Virtual Unix milliseconds. */
  readonly emptySinceMs: number
  readonly members: readonly { readonly input: MemberInput; readonly assignment: Buffer }[]
}
