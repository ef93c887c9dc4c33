import type { StateRecord } from '../internal/state-batch.ts'
import type { EntryRules } from '../internal/state-cleaner.ts'
import { ByteWriter } from '../wire/bytes.ts'
import type { ClassicGroupRecord, GroupRecord } from './group-host.interface.ts'
import type { CommittedOffset } from './offsets.ts'

/** What stands in `__consumer_offsets`. */
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

export interface GroupEntry {
  readonly kind: 'group'
  readonly group: string
  /** Null: a tombstone. */
  readonly record: GroupRecord | null
}

export interface MarkerEntry {
  readonly kind: 'marker'
  readonly producerId: bigint
  readonly producerEpoch: number
  readonly outcome: 'commit' | 'abort'
}

export const OFFSETS_RULES: EntryRules<OffsetsEntry> = {
  keyOf(entry) {
    if (entry.kind === 'offset') return `${entry.group}\n${entry.topic}/${entry.partition}`
    return entry.kind === 'group' ? entry.group : ''
  },
  isTombstone(entry) {
    if (entry.kind === 'offset') return entry.committed === null
    return entry.kind === 'group' && entry.record === null
  },
}

const OFFSET_KEY_VERSION = 1
const GROUP_KEY_VERSION = 2
const CONSUMER_GROUP_KEY_VERSION = 3
/** With an expiry of its own, and without (OffsetCommitValue). */
const EXPIRING_VALUE_VERSION = 1
const OFFSET_VALUE_VERSION = 3
const GROUP_VALUE_VERSION = 3
const NOTHING = Buffer.alloc(0)

/**
 * An entry as Kafka writes it: OffsetCommitKey 1, OffsetCommitValue 3 (1 with an expiry), GroupMetadataKey 2,
 * GroupMetadataValue 3, ConsumerGroupMetadataKey 3; each behind its version. Markers are written as control batches.
 */
export function encodeOffsetsEntry(entry: OffsetsEntry): StateRecord {
  switch (entry.kind) {
    case 'offset':
      return {
        key: offsetKey(entry),
        value: entry.committed === null ? null : offsetValue(entry.committed),
      }
    case 'group': {
      const { group, record } = entry
      if (record?.type === 'consumer')
        return { key: groupKey(CONSUMER_GROUP_KEY_VERSION, group), value: consumerGroupValue(record.epoch) }
      return { key: groupKey(GROUP_KEY_VERSION, group), value: record === null ? null : groupValue(record) }
    }
    case 'marker':
      return { key: NOTHING, value: null }
  }
}

function offsetKey({ group, topic, partition }: OffsetEntry): Buffer {
  const writer = new ByteWriter()
  writer.int16(OFFSET_KEY_VERSION)
  writer.string16(group)
  writer.string16(topic)
  writer.int32(partition)
  return writer.done()
}

function offsetValue({ offset, leaderEpoch, metadata, committedAtMs, expiresAtMs }: CommittedOffset): Buffer {
  const writer = new ByteWriter()
  writer.int16(expiresAtMs === undefined ? OFFSET_VALUE_VERSION : EXPIRING_VALUE_VERSION)
  writer.int64(offset)
  if (expiresAtMs === undefined) writer.int32(leaderEpoch)
  writer.string16(metadata ?? '')
  writer.int64(BigInt(committedAtMs))
  if (expiresAtMs !== undefined) writer.int64(BigInt(expiresAtMs))
  return writer.done()
}

function groupKey(version: number, group: string): Buffer {
  const writer = new ByteWriter()
  writer.int16(version)
  writer.string16(group)
  return writer.done()
}

/** ConsumerGroupMetadataValue 0. */
function consumerGroupValue(epoch: number): Buffer {
  const writer = new ByteWriter()
  writer.int16(0)
  writer.int32(epoch)
  // No tagged fields.
  writer.uvarint(0)
  return writer.done()
}

function groupValue({
  generation,
  leader,
  protocol,
  protocolType,
  emptySinceMs,
  members,
}: ClassicGroupRecord): Buffer {
  const writer = new ByteWriter()
  writer.int16(GROUP_VALUE_VERSION)
  writer.string16(protocolType ?? '')
  writer.int32(generation)
  nullableString(writer, protocol)
  nullableString(writer, leader)
  writer.int64(BigInt(emptySinceMs))
  writer.int32(members.length)
  for (const { input, assignment } of members) {
    writer.string16(input.memberId)
    nullableString(writer, input.groupInstanceId)
    writer.string16(input.clientId)
    writer.string16(input.clientHost)
    writer.int32(input.rebalanceTimeoutMs)
    writer.int32(input.sessionTimeoutMs)
    bytes32(writer, input.protocols.find(({ name }) => name === protocol)?.metadata ?? NOTHING)
    bytes32(writer, assignment)
  }
  return writer.done()
}

function nullableString(writer: ByteWriter, value: string | null): void {
  if (value === null) writer.int16(-1)
  else writer.string16(value)
}

function bytes32(writer: ByteWriter, value: Buffer): void {
  writer.int32(value.length)
  writer.bytes(value)
}
