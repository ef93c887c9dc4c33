import type { StateRecord } from '../../state-log/state-batch.ts'
import {
  type Body,
  encodeStateKey,
  encodeStateValue,
  OFFSETS_RECORDS,
  type StateRecordSchema,
} from '../../wire/index.ts'
import { type Assignment, toTopicPartitions } from './assignment.ts'
import type { ConsumerMember } from './consumer-member.ts'
import type { ConsumerEntry } from './records.ts'

const VALUE_VERSION = 0
/** MemberState's numbers. */
const STATES: Readonly<Record<ConsumerMember['state'], number>> = { stable: 0, unrevoked: 1, unreleased: 2 }
const FNV_OFFSET = 0xcbf29ce484222325n
const FNV_PRIME = 0x100000001b3n

/** A record of a consumer group as Kafka 4.1 writes it. */
export function encodeConsumerEntry(entry: ConsumerEntry): StateRecord {
  const { group: groupId } = entry
  switch (entry.kind) {
    case 'consumer-metadata':
      return encoded(
        OFFSETS_RECORDS.ConsumerGroupMetadata,
        { groupId },
        entry.value,
        ({ epoch, topics }) => ({
          epoch,
          metadataHash: hashOf(topics),
        }),
      )
    case 'consumer-member-metadata': {
      const key = { groupId, memberId: entry.memberId }
      return encoded(OFFSETS_RECORDS.ConsumerGroupMemberMetadata, key, entry.value, subscription)
    }
    case 'consumer-regular-expression': {
      const key = { groupId, regularExpression: entry.regex }
      return encoded(
        OFFSETS_RECORDS.ConsumerGroupRegularExpression,
        key,
        entry.value,
        ({ topics, atMs }) => ({
          topics: [...topics],
          timestamp: BigInt(atMs),
        }),
      )
    }
    case 'consumer-target-assignment-member': {
      const key = { groupId, memberId: entry.memberId }
      return encoded(OFFSETS_RECORDS.ConsumerGroupTargetAssignmentMember, key, entry.value, (target) => ({
        topicPartitions: partitionsOf(target),
      }))
    }
    case 'consumer-target-assignment-metadata':
      return encoded(
        OFFSETS_RECORDS.ConsumerGroupTargetAssignmentMetadata,
        { groupId },
        entry.value,
        (value) => ({ ...value }),
      )
    case 'consumer-current-member-assignment': {
      const key = { groupId, memberId: entry.memberId }
      return encoded(OFFSETS_RECORDS.ConsumerGroupCurrentMemberAssignment, key, entry.value, (member) => ({
        memberEpoch: member.epoch,
        previousMemberEpoch: member.previousEpoch,
        state: STATES[member.state],
        assignedPartitions: partitionsOf(member.assigned),
        partitionsPendingRevocation: partitionsOf(member.revoking),
      }))
    }
  }
}

function encoded<Value>(
  schema: StateRecordSchema,
  key: Body,
  value: Value | null,
  bodyOf: (value: Value) => Body,
): StateRecord {
  return {
    key: encodeStateKey(schema, key),
    value: value === null ? null : encodeStateValue(schema, VALUE_VERSION, bodyOf(value)),
  }
}

function subscription(member: ConsumerMember): Body {
  const { instanceId, rackId, clientId, clientHost, topicNames, topicRegex, classic } = member
  return {
    instanceId,
    rackId,
    clientId,
    clientHost,
    subscribedTopicNames: [...topicNames].sort(),
    subscribedTopicRegex: topicRegex,
    rebalanceTimeoutMs: member.rebalanceTimeoutMs,
    serverAssignor: member.assignor,
    classicMemberMetadata:
      classic === null
        ? null
        : {
            sessionTimeoutMs: classic.sessionTimeoutMs,
            supportedProtocols: classic.protocols.map(({ name, metadata }) => ({ name, metadata })),
          },
  }
}

function partitionsOf(assignment: Assignment): Body[] {
  return toTopicPartitions(assignment).map(({ topicId, partitions }) => ({ topicId, partitions }))
}

/** A hash of the subscribed topics: FNV-1a here, XXH3 in Kafka. */
function hashOf(topics: string): bigint {
  if (topics === '') return 0n
  let hash = FNV_OFFSET
  for (const byte of Buffer.from(topics)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * FNV_PRIME)
  return BigInt.asIntN(64, hash)
}
