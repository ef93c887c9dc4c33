import type { ClusterHost } from '../cluster-host.interface.ts'
import { LazyTask } from '../lazy-task.ts'
import type { GroupRemoval } from './group-removal.ts'
import type { KeptGroup, KeptGroups } from './kept-groups.ts'
import { expiredOffsets } from './offset-expiry.ts'
import type { CommittedOffset } from './offsets.ts'

const MINUTE_MS = 60_000

export interface GroupExpiryOptions {
  readonly cluster: Pick<ClusterHost, 'clock' | 'settings'>
  readonly kept: KeptGroups
  readonly removal: GroupRemoval
  /** Whether this group's coordinator can be written to. */
  readonly serves: (group: string) => boolean
}

/** Expires offsets, and deletes the groups that this leaves empty. */
export class GroupExpiry {
  readonly #options: GroupExpiryOptions
  readonly #retentionMs: number
  readonly #task: LazyTask

  constructor(options: GroupExpiryOptions) {
    this.#options = options
    const { clock, settings } = options.cluster
    this.#retentionMs = settings['offsets.retention.minutes'] * MINUTE_MS
    const intervalMs = settings['offsets.retention.check.interval.ms']
    this.#task = new LazyTask({
      clock,
      firstMs: clock.nowMs() + intervalMs,
      intervalMs,
      run: (nowMs) => this.#expire(nowMs),
    })
  }

  /** A group may have come to nothing: it is deleted at the next look. */
  mayBeEmpty(): void {
    this.#task.due(this.#options.cluster.clock.nowMs())
  }

  /** There is nothing left that could expire. */
  rest(): void {
    this.#task.rest()
  }

  committed({ committedAtMs, expiresAtMs }: CommittedOffset): void {
    this.#task.due(expiresAtMs ?? committedAtMs + this.#retentionMs)
  }

  /** The group has a new record: it may be empty now, or subscribe to less. */
  changed({ group, offsets }: KeptGroup): void {
    const nowMs = this.#options.cluster.clock.nowMs()
    if (offsets.empty) {
      if (group.state === 'Empty') this.#task.due(nowMs)
      return
    }
    const { expired, nextMs } = expiredOffsets(group, offsets, { nowMs, retentionMs: this.#retentionMs })
    if (expired.length > 0) this.#task.due(nowMs)
    else if (nextMs !== null) this.#task.due(nextMs)
  }

  /**
   * Removes what has expired, and empty groups that have no offsets left; when to look again, or
   * null.
   */
  #expire(nowMs: number): number | null {
    const { kept, removal, serves } = this.#options
    let lookMs: number | null = null
    const look = (atMs: number): void => {
      lookMs = Math.min(lookMs ?? atMs, atMs)
    }
    for (const [id, { group, offsets }] of [...kept.all]) {
      if (!serves(id)) {
        look(nowMs)
        continue
      }
      // A Dead group is deleted, and its tombstones are on their way.
      if (group.state === 'Dead') continue
      const { expired, nextMs } = expiredOffsets(group, offsets, { nowMs, retentionMs: this.#retentionMs })
      const held = expired.filter(({ topic, partition }) => kept.held?.isPending(id, topic, partition))
      if (held.length > 0) look(nowMs)
      removal.removeOffsets(
        id,
        expired.filter((each) => !held.includes(each)),
        'expired',
      )
      if (nextMs !== null) look(nextMs)
      if (group.state !== 'Empty') continue
      if (!offsets.empty) {
        // Their tombstones are on their way.
        if (expired.length > 0) look(nowMs)
      } else if (kept.held?.holdsAny(id)) look(nowMs)
      else {
        removal.delete(id, 'expired', (error) => {
          if (error !== null) look(nowMs)
        })
      }
    }
    return lookMs
  }
}
