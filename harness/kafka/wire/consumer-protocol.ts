import type { BodyOf } from './body.ts'
import { ByteReader, ByteWriter } from './bytes.ts'
import { type Body, compile, reading, type WriteBody } from './codec.ts'
import { WireError } from './wire-error.ts'

/**
 * The messages of consumers to each other in JoinGroup and SyncGroup (KIP-429, KIP-792, KIP-881),
 * versions 0 to 3, never flexible. Brokers pass them on unread except for the topics. A later
 * version is read as the last one that is known: new versions only add fields at the end.
 */
const SUBSCRIPTION = `
  topics []string 0+
  userData bytes 0+ null:0+ =null
  ownedPartitions [] 1+
    topic string 1+
    partitions []int32 1+
  generationId int32 2+ =-1
  rackId string 3+ null:3+ =null
`

const ASSIGNMENT = `
  assignedPartitions [] 0+
    topic string 0+
    partitions []int32 0+
  userData bytes 0+ null:0+ =null
`

const VERSION_MAX = 3

export interface AssignedTopic {
  readonly topic: string
  readonly partitions: readonly number[]
}

/** A member's metadata in JoinGroup. */
export interface Subscription {
  readonly version: number
  readonly topics: readonly string[]
  readonly userData: Buffer | null
  /** Empty before version 1. */
  readonly ownedPartitions: readonly AssignedTopic[]
  /** The generation of the owned partitions; −1 before version 2. */
  readonly generationId: number
  /** Null before version 3. */
  readonly rackId: string | null
}

/** Null where the bytes are something else: another protocol's, or broken. */
export function decodeSubscription(bytes: Buffer): Subscription | null {
  const read = decode(subscriptions, bytes)
  return read === null ? null : { version: bytes.readInt16BE(0), ...read }
}

/** Null where the bytes are something else; an empty assignment is an empty list. */
export function decodeAssignment(bytes: Buffer): readonly AssignedTopic[] | null {
  if (bytes.length === 0) return []
  return decode(assignments, bytes)?.assignedPartitions ?? null
}

/** Fields that are missing get their defaults; those of later versions are left out. */
export function encodeSubscription(
  subscription: Pick<Subscription, 'version' | 'topics'> & Partial<Subscription>,
): Buffer {
  return encode(subscriptions, subscription.version, { ...subscription })
}

export function encodeAssignment(assignedPartitions: readonly AssignedTopic[]): Buffer {
  return encode(assignments, 0, { assignedPartitions })
}

/** A codec for each version of messages with this body. */
type Codecs<Message extends object> = readonly {
  readonly read: (reader: ByteReader) => Message
  readonly write: WriteBody
}[]

const subscriptions = codecsOf(SUBSCRIPTION)
const assignments = codecsOf(ASSIGNMENT)

function codecsOf<Text extends string>(text: Text): Codecs<BodyOf<Text> & object> {
  return Array.from({ length: VERSION_MAX + 1 }, (_, version) => {
    const { read, write } = compile(text, version, false)
    // The reader is compiled from the text that the type is read from.
    return { read: (reader) => read(reader) as BodyOf<Text> & object, write }
  })
}

function decode<Message extends object>(codecs: Codecs<Message>, bytes: Buffer): Message | null {
  try {
    return reading(() => {
      const reader = new ByteReader(bytes)
      return codecs[Math.min(reader.int16(), VERSION_MAX)]?.read(reader) ?? null
    })
  } catch (error) {
    if (error instanceof WireError) return null
    throw error
  }
}

function encode(codecs: Codecs<object>, version: number, body: Body): Buffer {
  const writer = new ByteWriter()
  writer.int16(version)
  codecs[Math.min(version, VERSION_MAX)]?.write(writer, body)
  return writer.done()
}
