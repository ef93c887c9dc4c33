import {
  type AnswerBody,
  decodeSubscription,
  encodeAssignment,
  encodeSubscription,
} from '../../kafka/index.ts'
import type { MemberSubscription, PartitionCounts } from '../assignors/assignor.interface.ts'
import { ASSIGNORS } from '../assignors/index.ts'
import { KafkaException } from '../errors.ts'
import { byTopic, type TopicPartition } from '../partition.ts'
import type { AssignorName } from '../settings/consumer-settings.ts'

/** With racks (KIP-881); brokers do not read it, leaders read what they know. */
const SUBSCRIPTION_VERSION = 3

export interface Wish {
  readonly topics: readonly string[]
  readonly owned: readonly TopicPartition[]
  readonly generationId: number
}

type JoinProtocol = { readonly name: string; readonly metadata: Buffer }

/** A member's subscription in JoinGroup, once for each of its assignors. */
export function protocolsOf(assignors: readonly AssignorName[], wish: Wish): readonly JoinProtocol[] {
  const ownedPartitions = numbered(wish.owned)
  return assignors.map((name) => ({
    name,
    metadata: encodeSubscription({
      version: SUBSCRIPTION_VERSION,
      topics: wish.topics,
      userData: null,
      ownedPartitions,
      generationId: wish.generationId,
    }),
  }))
}

export interface Led {
  /** All topics that some member wants. */
  readonly topics: readonly string[]
  readonly assignments: readonly { readonly memberId: string; readonly assignment: Buffer }[]
}

/**
 * The leader's assignments for SyncGroup.
 * @param counts partitions of these topics, where there are any
 */
export function lead(
  members: AnswerBody<'JoinGroup'>['members'],
  protocol: string,
  counts: (topics: Iterable<string>) => PartitionCounts,
): Led {
  const assignor = Object.values(ASSIGNORS).find(({ name }) => name === protocol)
  if (assignor === undefined)
    throw new KafkaException('IllegalStateException', `there is no assignor '${protocol}'`)
  const subscriptions = members.map(subscriptionOf)
  const topics = [...new Set(subscriptions.flatMap((each) => each.topics))]
  const assignment = assignor.assign(subscriptions, counts(topics))
  return {
    topics,
    assignments: [...assignment].map(([memberId, partitions]) => ({
      memberId,
      assignment: encodeAssignment(numbered(partitions)),
    })),
  }
}

function subscriptionOf({
  memberId,
  groupInstanceId,
  metadata,
}: AnswerBody<'JoinGroup'>['members'][number]): MemberSubscription {
  const { topics = [], ownedPartitions = [], generationId = -1 } = decodeSubscription(metadata) ?? {}
  const owned = ownedPartitions.flatMap(({ topic, partitions }) =>
    partitions.map((partition) => ({ topic, partition })),
  )
  return { memberId, instanceId: groupInstanceId, topics, owned, generation: generationId }
}

function numbered(partitions: readonly TopicPartition[]): { topic: string; partitions: number[] }[] {
  return byTopic(partitions).map(({ topic, partitions: members }) => ({
    topic,
    partitions: members.map(({ partition }) => partition),
  }))
}
