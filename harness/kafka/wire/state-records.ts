import { ByteReader, ByteWriter } from './bytes.ts'
import { type Body, compile, type ReadBody, reading, type WriteBody } from './codec.ts'
import { WireError } from './wire-error.ts'

/**
 * One kind of record in an internal topic, in the notation of `schema.ts`: what coordinators keep.
 */
export interface StateRecordSchema {
  /** The number that its keys begin with. */
  readonly type: number
  readonly key: string
  readonly value: string
  /** Of the value; the key has none of its own. */
  readonly max: number
  /** From this version of the value on. Keys are never flexible. */
  readonly flexibleFrom: number
}

/**
 * `__consumer_offsets`, by the names of Kafka's message definitions without their `Key` and
 * `Value`.
 */
export const OFFSETS_RECORDS = {
  OffsetCommit: {
    type: 1,
    max: 4,
    flexibleFrom: 4,
    key: `
      group string 0+
      topic string 0+
      partition int32 0+
    `,
    value: `
      offset int64 0+
      leaderEpoch int32 3+ =-1
      metadata string 0+
      commitTimestamp int64 0+
      expireTimestamp int64 1 =-1
      topicId uuid 4+ tag:0:4+
    `,
  },
  GroupMetadata: {
    type: 2,
    max: 4,
    flexibleFrom: 4,
    key: `
      group string 0+
    `,
    value: `
      protocolType string 0+
      generation int32 0+
      protocol string 0+ null:0+
      leader string 0+ null:0+
      currentStateTimestamp int64 2+ =-1
      members [] 0+
        memberId string 0+
        groupInstanceId string 3+ null:3+ =null
        clientId string 0+
        clientHost string 0+
        rebalanceTimeout int32 1+ =-1
        sessionTimeout int32 0+
        subscription bytes 0+
        assignment bytes 0+
    `,
  },
  ConsumerGroupMetadata: {
    type: 3,
    max: 0,
    flexibleFrom: 0,
    key: `
      groupId string 0+
    `,
    value: `
      epoch int32 0+
      metadataHash int64 0+ tag:0:0+
    `,
  },
  ConsumerGroupMemberMetadata: {
    type: 5,
    max: 0,
    flexibleFrom: 0,
    key: `
      groupId string 0+
      memberId string 0+
    `,
    value: `
      instanceId string 0+ null:0+
      rackId string 0+ null:0+
      clientId string 0+
      clientHost string 0+
      subscribedTopicNames []string 0+
      subscribedTopicRegex string 0+ null:0+
      rebalanceTimeoutMs int32 0+ =-1
      serverAssignor string 0+ null:0+
      classicMemberMetadata {} 0+ null:0+ tag:0:0+
        sessionTimeoutMs int32 0+
        supportedProtocols [] 0+
          name string 0+
          metadata bytes 0+
    `,
  },
  ConsumerGroupTargetAssignmentMetadata: {
    type: 6,
    max: 0,
    flexibleFrom: 0,
    key: `
      groupId string 0+
    `,
    value: `
      assignmentEpoch int32 0+
    `,
  },
  ConsumerGroupTargetAssignmentMember: {
    type: 7,
    max: 0,
    flexibleFrom: 0,
    key: `
      groupId string 0+
      memberId string 0+
    `,
    value: `
      topicPartitions [] 0+
        topicId uuid 0+
        partitions []int32 0+
    `,
  },
  ConsumerGroupCurrentMemberAssignment: {
    type: 8,
    max: 0,
    flexibleFrom: 0,
    key: `
      groupId string 0+
      memberId string 0+
    `,
    value: `
      memberEpoch int32 0+
      previousMemberEpoch int32 0+
      state int8 0+
      assignedPartitions [] 0+
        topicId uuid 0+
        partitions []int32 0+
      partitionsPendingRevocation [] 0+
        topicId uuid 0+
        partitions []int32 0+
    `,
  },
  ConsumerGroupRegularExpression: {
    type: 16,
    max: 0,
    flexibleFrom: 0,
    key: `
      groupId string 0+
      regularExpression string 0+
    `,
    value: `
      topics []string 0+
      version int64 0+
      timestamp int64 0+
    `,
  },
} as const satisfies Readonly<Record<string, StateRecordSchema>>

/** `__transaction_state`. */
export const TRANSACTION_RECORDS = {
  TransactionLog: {
    type: 0,
    max: 1,
    flexibleFrom: 1,
    key: `
      transactionalId string 0+
    `,
    value: `
      producerId int64 0+
      previousProducerId int64 1+ tag:0:1+ =-1
      nextProducerId int64 1+ tag:1:1+ =-1
      producerEpoch int16 0+
      nextProducerEpoch int16 1+ tag:3:1+ =-1
      transactionTimeoutMs int32 0+
      transactionStatus int8 0+
      transactionPartitions [] 0+ null:0+
        topic string 0+
        partitionIds []int32 0+
      transactionLastUpdateTimestampMs int64 0+
      transactionStartTimestampMs int64 0+
      clientTransactionVersion int16 1+ tag:2:1+
    `,
  },
} as const satisfies Readonly<Record<string, StateRecordSchema>>

interface StateCodec {
  readonly read: ReadBody
  readonly write: WriteBody
}

const codecs = new Map<string, StateCodec>()

function codecOf(text: string, version: number, flexible: boolean): StateCodec {
  const id = `${version} ${text}`
  const known = codecs.get(id)
  if (known !== undefined) return known
  const made = compile(text, version, flexible)
  codecs.set(id, made)
  return made
}

/** The key of a record: its type, then its fields. */
export function encodeStateKey({ type, key }: StateRecordSchema, body: Body): Buffer {
  const writer = new ByteWriter()
  writer.int16(type)
  codecOf(key, 0, false).write(writer, body)
  return writer.done()
}

/** The value of a record: its version, then its fields. */
export function encodeStateValue(
  { value, flexibleFrom }: StateRecordSchema,
  version: number,
  body: Body,
): Buffer {
  const writer = new ByteWriter()
  writer.int16(version)
  codecOf(value, version, version >= flexibleFrom).write(writer, body)
  return writer.done()
}

/** A record of an internal topic as data. */
export interface DecodedStateRecord {
  /** Of its schema. */
  readonly name: string
  readonly key: Body
  /** Null: a tombstone. */
  readonly value: Body | null
  /** Of the value; null of a tombstone. */
  readonly version: number | null
}

/**
 * A record of an internal topic, decoded; null where its type is not among these.
 * @throws WireError `malformed`, `unsupported-version`
 */
export function decodeStateRecord(
  schemas: Readonly<Record<string, StateRecordSchema>>,
  key: Buffer,
  value: Buffer | null,
): DecodedStateRecord | null {
  return reading(() => {
    const keys = new ByteReader(key)
    const type = keys.int16()
    const [name, schema] = Object.entries(schemas).find(([, each]) => each.type === type) ?? []
    if (name === undefined || schema === undefined) return null
    const decoded = { name, key: codecOf(schema.key, 0, false).read(keys) }
    keys.expectAt(key.length)
    if (value === null) return { ...decoded, value: null, version: null }
    const values = new ByteReader(value)
    const version = values.int16()
    if (version < 0 || version > schema.max)
      throw new WireError(
        'unsupported-version',
        `${name} version ${version} is not between 0 and ${schema.max}`,
      )
    const body = codecOf(schema.value, version, version >= schema.flexibleFrom).read(values)
    values.expectAt(value.length)
    return { ...decoded, value: body, version }
  })
}
