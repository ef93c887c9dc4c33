import type { Stream } from '../../core/seed.ts'
import type { StateLogHost } from '../state-log/state-topic.ts'
import type { GroupConfigs } from './group-configs.ts'
import type { GroupHost, TopicDirectory } from './group-host.interface.ts'

/** The parts of the cluster that coordinators use. */
export type CoordinatorsHost = StateLogHost & {
  readonly topics: TopicDirectory
  readonly groupConfigs: GroupConfigs
}

/** The host of a coordinator's groups; the ids that members and groups are given are drawn here. */
export function newGroupHost(
  { clock, settings, topics, groupConfigs, chance }: CoordinatorsHost,
  how: Pick<GroupHost, 'observe' | 'refusal' | 'append' | 'downgrade'>,
): GroupHost {
  const random = chance.stream('member-ids')
  return {
    clock,
    settings,
    topics,
    groupConfigs,
    ...how,
    newUuid: () => Buffer.from(randomHex(random), 'hex').toString('base64url'),
    newMemberId: (clientId) => {
      const hex = randomHex(random)
      return `${clientId}-${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
    },
  }
}

function randomHex(random: Stream): string {
  return [0, 1, 2, 3].map(() => random.bits32().toString(16).padStart(8, '0')).join('')
}
