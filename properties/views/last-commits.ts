import type { EventOf, TopicPartition } from '../../harness/core/history.ts'
import { requestName } from '../../harness/core/names.ts'
import type { Noting, View } from './observing.ts'
import { PartitionMap } from './partition-map.ts'

/**
 * The state of each process's work when it last tried to commit. An accepted commit that is too low
 * is no accident if the process that sent it had processed everything by then, and never tried
 * again.
 *
 * Needs the requests of the history, since an attempt that was lost on its way leaves no other
 * trace; without them nothing is said.
 */
export class LastCommits implements View {
  readonly #sent: Map<string, EventOf<'request'>> = new Map()
  readonly #lastSent: Map<string, EventOf<'request'>> = new Map()
  readonly #lastEffect: Map<string, PartitionMap<EventOf<'effect'>>> = new Map()

  readonly noting: Noting = {
    request: (event) => {
      if (event.phase !== 'sent' || event.api !== 'OffsetCommit') return
      this.#sent.set(requestName(event), event)
      this.#lastSent.set(event.process, event)
    },
    effect: (event) => {
      const known = this.#lastEffect.get(event.process)
      if (known !== undefined) known.set(event, event)
      else {
        const made = new PartitionMap<EventOf<'effect'>>()
        made.set(event, event)
        this.#lastEffect.set(event.process, made)
      }
    },
  }

  /** The request that carried this commit, if it was its process's last attempt. */
  lastAttempt({ process, ordinal }: EventOf<'commit'>): EventOf<'request'> | undefined {
    const sent = this.#sent.get(requestName({ process, api: 'OffsetCommit', ordinal }))
    return sent !== undefined && sent === this.#lastSent.get(process) ? sent : undefined
  }

  /** The last effect of this process in this partition. */
  lastEffect(process: string, at: TopicPartition): EventOf<'effect'> | undefined {
    return this.#lastEffect.get(process)?.get(at)
  }
}
