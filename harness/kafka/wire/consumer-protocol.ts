import { ByteReader, ByteWriter } from './bytes.ts'
import { reading } from './codec.ts'
import { WireError } from './wire-error.ts'

/** What a consumer writes into JoinGroup's metadata; brokers pass it on unread. */
export interface Subscription {
  readonly version: number
  readonly topics: readonly string[]
}

export interface AssignedTopic {
  readonly topic: string
  readonly partitions: readonly number[]
}

/** Null where the bytes are something else: another protocol's, or broken. */
export function decodeSubscription(bytes: Buffer): Subscription | null {
  return tolerant(() => {
    const reader = new ByteReader(bytes)
    const version = reader.int16()
    const topics: string[] = []
    for (let left = reader.count(reader.int32()); left > 0; left -= 1)
      topics.push(reader.text(reader.length16()) ?? '')
    return { version, topics }
  })
}

/** Null where the bytes are something else; an empty assignment is an empty list. */
export function decodeAssignment(bytes: Buffer): readonly AssignedTopic[] | null {
  if (bytes.length === 0) return []
  return tolerant(() => {
    const reader = new ByteReader(bytes)
    reader.int16()
    const topics: AssignedTopic[] = []
    for (let left = reader.count(reader.int32()); left > 0; left -= 1) {
      const topic = reader.text(reader.length16()) ?? ''
      const partitions: number[] = []
      for (let count = reader.count(reader.int32()); count > 0; count -= 1) partitions.push(reader.int32())
      topics.push({ topic, partitions })
    }
    return topics
  })
}

export function encodeSubscription({ version, topics }: Subscription): Buffer {
  const writer = new ByteWriter()
  writer.int16(version)
  writer.int32(topics.length)
  for (const topic of topics) writer.string16(topic)
  writer.int32(-1)
  return writer.done()
}

export function encodeAssignment(topics: readonly AssignedTopic[]): Buffer {
  const writer = new ByteWriter()
  writer.int16(0)
  writer.int32(topics.length)
  for (const { topic, partitions } of topics) {
    writer.string16(topic)
    writer.int32(partitions.length)
    for (const partition of partitions) writer.int32(partition)
  }
  writer.int32(-1)
  return writer.done()
}

function tolerant<T>(read: () => T): T | null {
  try {
    return reading(read)
  } catch (error) {
    if (error instanceof WireError) return null
    throw error
  }
}
