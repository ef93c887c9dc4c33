import { AutoCommit } from './auto-commit.ts'
import { Fetcher } from './fetch/fetcher.ts'
import { ClassicMembership } from './group/classic.ts'
import { ConsumerProtocolMembership } from './group/consumer-protocol.ts'
import { Coordinator } from './group/coordinator.ts'
import { Callbacks } from './group/listener.ts'
import type { GroupMembership, GroupParts } from './group/membership.interface.ts'
import { Metadata } from './net/metadata.ts'
import type { BrokerNetwork } from './net/network.interface.ts'
import { TcpNetwork } from './net/tcp-network.ts'
import { OffsetCommits } from './offsets/commits.ts'
import { ListOffsets } from './offsets/list-offsets.ts'
import { Positions } from './offsets/positions.ts'
import { Patience } from './patience.ts'
import type { ConsumerSettings } from './settings/consumer-settings.ts'
import { SubscriptionState } from './subscription.ts'
import { Bell } from './time.ts'

/** The parts of a consumer with a `group.id`. */
export interface Grouped {
  readonly groupId: string
  readonly coordinator: Coordinator
  readonly membership: GroupMembership
  readonly commits: OffsetCommits
  readonly autoCommit: AutoCommit | null
}

export interface ConsumerParts {
  readonly settings: ConsumerSettings
  readonly network: BrokerNetwork
  readonly metadata: Metadata
  readonly subscription: SubscriptionState
  readonly patience: Patience
  readonly bell: Bell
  readonly callbacks: Callbacks
  readonly listOffsets: ListOffsets
  readonly positions: Positions
  readonly fetcher: Fetcher
  readonly group: Grouped | null
}

/** Puts a consumer together. @param owns told of each change of what it owns */
export function consumerParts(settings: ConsumerSettings, owns: GroupParts['owns']): ConsumerParts {
  const network = new TcpNetwork({
    clientId: settings['client.id'] ?? `consumer-${settings['group.id'] ?? '1'}`,
    requestTimeoutMs: settings['request.timeout.ms'],
    reconnectBackoffMs: settings['reconnect.backoff.ms'],
    reconnectBackoffMaxMs: settings['reconnect.backoff.max.ms'],
  })
  const retry = {
    retryBackoffMs: settings['retry.backoff.ms'],
    retryBackoffMaxMs: settings['retry.backoff.max.ms'],
  }
  const bell = new Bell()
  const subscription = new SubscriptionState()
  const patience = new Patience()
  const callbacks = new Callbacks()
  const metadata = new Metadata({
    network,
    bootstrap: settings['bootstrap.servers'],
    maxAgeMs: settings['metadata.max.age.ms'],
    autoCreateTopics: settings['allow.auto.create.topics'],
    updated: () => bell.ring(),
    ...retry,
  })
  const shared = { settings, network, metadata, subscription, bell, callbacks, patience, retry, owns }
  const group = grouped(shared)
  const isolation = settings['isolation.level']
  const listOffsets = new ListOffsets({ network, metadata, isolation, patience, ...retry })
  const positions = new Positions({
    subscription,
    commits: group?.commits ?? null,
    listOffsets,
    policy: settings['auto.offset.reset'],
    retryBackoffMs: retry.retryBackoffMs,
    bell,
    coordinatorKnown: () => group?.coordinator.broker !== null,
  })
  const fetcher = new Fetcher({ settings, network, metadata, subscription, positions, bell })
  return {
    settings,
    network,
    metadata,
    subscription,
    patience,
    bell,
    callbacks,
    listOffsets,
    positions,
    fetcher,
    group,
  }
}

interface Shared extends Omit<GroupParts, 'groupId' | 'coordinator' | 'commitBeforeRebalance' | 'joined'> {
  readonly patience: Patience
  readonly retry: { readonly retryBackoffMs: number; readonly retryBackoffMaxMs: number }
}

function grouped(shared: Shared): Grouped | null {
  const { settings, network, metadata, subscription, bell, patience, retry } = shared
  const groupId = settings['group.id']
  if (groupId === null) return null
  const changed = (): void => bell.ring()
  const coordinator = new Coordinator({ network, metadata, of: 'group', key: groupId, changed, ...retry })
  const commits = new OffsetCommits({
    groupId,
    network,
    coordinator,
    membership: () => (subscription.grouped ? membership : null),
    callbacks: shared.callbacks,
    patience,
    ...retry,
  })
  const autoCommit = settings['enable.auto.commit']
    ? new AutoCommit(commits, subscription, {
        intervalMs: settings['auto.commit.interval.ms'],
        retryBackoffMs: retry.retryBackoffMs,
      })
    : null
  const parts: GroupParts = {
    ...shared,
    groupId,
    coordinator,
    commitBeforeRebalance: async (deadline) => autoCommit?.finally(deadline),
    joined: () => autoCommit?.joined(),
  }
  const membership: GroupMembership =
    settings['group.protocol'] === 'consumer'
      ? new ConsumerProtocolMembership(parts)
      : new ClassicMembership(parts)
  return { groupId, coordinator, membership, commits, autoCommit }
}
