import type { Observation } from '../../core/history.ts'
import type { Clock } from '../cluster.interface.ts'
import type { Settings } from '../settings.ts'
import type { GroupConfigs } from './group-configs.ts'
import type { ClassicGroupRecord, GroupHost, TopicDirectory } from './group-host.interface.ts'

/**
 * The broker that keeps the groups of a partition of `__consumer_offsets`. Groups outlive a change
 * of that where their coordinator has not heard of its successor (KAFKA.md C4).
 */
export class GroupTenure implements GroupHost {
  keeper: GroupHost
  readonly clock: Clock
  readonly settings: Settings
  readonly topics: TopicDirectory
  readonly groupConfigs: GroupConfigs

  constructor(keeper: GroupHost) {
    this.keeper = keeper
    this.clock = keeper.clock
    this.settings = keeper.settings
    this.topics = keeper.topics
    this.groupConfigs = keeper.groupConfigs
  }

  newMemberId(clientId: string): string {
    return this.keeper.newMemberId(clientId)
  }

  newUuid(): string {
    return this.keeper.newUuid()
  }

  refusal(group: string): string | null {
    return this.keeper.refusal(group)
  }

  append(...[group, entries, written]: Parameters<GroupHost['append']>): void {
    this.keeper.append(group, entries, written)
  }

  downgrade(group: string, record: ClassicGroupRecord, reason: string | null): void {
    this.keeper.downgrade(group, record, reason)
  }

  observe(observation: Observation): void {
    this.keeper.observe(observation)
  }
}
