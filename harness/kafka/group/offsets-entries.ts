import { partitionName } from '../../core/names.ts'
import type { StateRecord } from '../state-log/state-batch.ts'
import type { EntryRules } from '../state-log/state-cleaner.ts'
import {
  type Body,
  encodeStateKey,
  encodeStateValue,
  OFFSETS_RECORDS,
  type StateRecordSchema,
} from '../wire/index.ts'
import { encodeConsumerEntry } from './consumer-group/encoded-records.ts'
import type { ClassicGroupRecord, GroupEntry } from './group-host.interface.ts'
import type { CommittedOffset } from './offsets.ts'

/** An entry of `__consumer_offsets`. */
export type OffsetsEntry = OffsetEntry | GroupEntry | MarkerEntry

export interface OffsetEntry {
  readonly kind: 'offset'
  readonly group: string
  readonly topic: string
  readonly partition: number
  /** Null: a tombstone. */
  readonly committed: CommittedOffset | null
  /** Null: it counts as soon as it is replicated; else when this producer's marker says so (X7). */
  readonly producer: { readonly id: bigint; readonly epoch: number } | null
  /** Tells that it counts now; null once that is told. */
  tell: (() => void) | null
}

export interface MarkerEntry {
  readonly kind: 'marker'
  readonly producerId: bigint
  readonly producerEpoch: number
  readonly outcome: 'commit' | 'abort'
}

export const OFFSETS_RULES: EntryRules<OffsetsEntry> = {
  keyOf(entry) {
    switch (entry.kind) {
      case 'offset':
        return `${entry.group}\n${partitionName(entry)}`
      case 'group':
        return entry.group
      case 'marker':
        return ''
      case 'consumer-metadata':
      case 'consumer-target-assignment-metadata':
        return `${entry.group}\n${entry.kind}`
      case 'consumer-regular-expression':
        return `${entry.group}\n${entry.kind}\n${entry.regex}`
      default:
        return `${entry.group}\n${entry.kind}\n${entry.memberId}`
    }
  },
  isTombstone(entry) {
    switch (entry.kind) {
      case 'offset':
        return entry.committed === null
      case 'group':
        return entry.record === null
      case 'marker':
        return false
      default:
        return entry.value === null
    }
  },
}

/** With an expiry of its own, and without (OffsetCommitValue). */
const EXPIRING_VALUE_VERSION = 1
const OFFSET_VALUE_VERSION = 4
const GROUP_VALUE_VERSION = 3
const NOTHING = Buffer.alloc(0)

/** An entry as Kafka writes it. Markers are written as control batches. */
export function encodeOffsetsEntry(entry: OffsetsEntry): StateRecord {
  switch (entry.kind) {
    case 'offset': {
      const { group, topic, partition, committed } = entry
      const schema = OFFSETS_RECORDS.OffsetCommit
      return {
        key: encodeStateKey(schema, { group, topic, partition }),
        value: committed === null ? null : offsetValue(schema, committed),
      }
    }
    case 'group': {
      const { group, record } = entry
      const schema = OFFSETS_RECORDS.GroupMetadata
      return {
        key: encodeStateKey(schema, { group }),
        value: record === null ? null : encodeStateValue(schema, GROUP_VALUE_VERSION, groupValue(record)),
      }
    }
    case 'marker':
      return { key: NOTHING, value: null }
    default:
      return encodeConsumerEntry(entry)
  }
}

function offsetValue(
  schema: StateRecordSchema,
  { offset, leaderEpoch, metadata, committedAtMs, expiresAtMs }: CommittedOffset,
): Buffer {
  const version = expiresAtMs === undefined ? OFFSET_VALUE_VERSION : EXPIRING_VALUE_VERSION
  return encodeStateValue(schema, version, {
    offset,
    leaderEpoch,
    metadata: metadata ?? '',
    commitTimestamp: BigInt(committedAtMs),
    ...(expiresAtMs === undefined ? {} : { expireTimestamp: BigInt(expiresAtMs) }),
  })
}

function groupValue({
  generation,
  leader,
  protocol,
  protocolType,
  emptySinceMs,
  members,
}: ClassicGroupRecord): Body {
  return {
    protocolType: protocolType ?? '',
    generation,
    protocol,
    leader,
    currentStateTimestamp: BigInt(emptySinceMs),
    members: members.map(({ input, assignment }) => ({
      memberId: input.memberId,
      groupInstanceId: input.groupInstanceId,
      clientId: input.clientId,
      clientHost: input.clientHost,
      rebalanceTimeout: input.rebalanceTimeoutMs,
      sessionTimeout: input.sessionTimeoutMs,
      subscription: input.protocols.find(({ name }) => name === protocol)?.metadata ?? NOTHING,
      assignment,
    })),
  }
}
