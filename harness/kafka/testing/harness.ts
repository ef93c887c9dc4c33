import type { Call } from '../probe/call.ts'
import type { Line } from '../probe/line.ts'
import { START_MS } from '../probe/manual-clock.ts'
import type { ProbeWorld } from '../probe/world.ts'
import {
  type AssignedTopic,
  ERROR_CODES,
  type ErrorName,
  encodeAssignment,
  encodeBatch,
  encodeSubscription,
  errorName,
  type RecordBatch,
  type RequestBody,
  type RequestDraft,
  readBatches,
} from '../wire/index.ts'

export const SESSION_MS = 10_000
export const REBALANCE_MS = 60_000
export const GROUP = 'g'

/** One consumer of a group on a connection of its own. */
export class TestMember {
  connection: Line
  readonly group: string
  memberId = ''
  generation = -1
  readonly #world: ProbeWorld
  readonly #process: string

  constructor(world: ProbeWorld, process: string, { group = GROUP, broker = 0 } = {}) {
    this.#world = world
    this.#process = process
    this.group = group
    this.connection = world.connect(process, broker)
  }

  reconnect(broker = 0): void {
    this.connection = this.#world.connect(this.#process, broker)
  }

  /** Sends JoinGroup (twice where the first one only gives an id). */
  join(overrides: RequestDraft<'JoinGroup'> = {}, version = 5): Call<'JoinGroup'> {
    const body = {
      groupId: this.group,
      sessionTimeoutMs: SESSION_MS,
      rebalanceTimeoutMs: REBALANCE_MS,
      memberId: this.memberId,
      protocolType: 'consumer',
      protocols: [{ name: 'range', metadata: encodeSubscription({ version: 0, topics: ['t'] }) }],
      ...overrides,
    }
    const call = this.connection.call('JoinGroup', version, body)
    if (call.pending || call.error !== 'MEMBER_ID_REQUIRED') return call
    this.memberId = call.answer.memberId
    return this.connection.call('JoinGroup', version, { ...body, memberId: this.memberId })
  }

  /** Takes id and generation over from the answer. */
  joined(call: Call<'JoinGroup'>): void {
    if (call.error !== 'NONE') throw new Error(`JoinGroup: ${call.error}`)
    this.memberId = call.answer.memberId
    this.generation = call.answer.generationId
  }

  sync(
    assignments: readonly { member: TestMember; topics: readonly AssignedTopic[] }[] = [],
    overrides: RequestDraft<'SyncGroup'> = {},
  ): Call<'SyncGroup'> {
    return this.connection.call('SyncGroup', 3, {
      groupId: this.group,
      generationId: this.generation,
      memberId: this.memberId,
      assignments: assignments.map(({ member, topics }) => ({
        memberId: member.memberId,
        assignment: encodeAssignment(topics),
      })),
      ...overrides,
    })
  }

  heartbeat(overrides: RequestDraft<'Heartbeat'> = {}): string {
    return this.connection.call('Heartbeat', 3, {
      groupId: this.group,
      generationId: this.generation,
      memberId: this.memberId,
      ...overrides,
    }).error
  }

  commit(
    offset: bigint,
    overrides: RequestDraft<'OffsetCommit'> = {},
    partition: Partial<RequestBody<'OffsetCommit'>['topics'][number]['partitions'][number]> = {},
  ): string {
    const call = this.connection.call('OffsetCommit', 7, {
      groupId: this.group,
      generationIdOrMemberEpoch: this.generation,
      memberId: this.memberId,
      topics: [
        {
          name: 't',
          partitions: [{ partitionIndex: 0, committedOffset: offset, committedMetadata: null, ...partition }],
        },
      ],
      ...overrides,
    })
    return call.errors.join()
  }

  leave(): Call<'LeaveGroup'> {
    return this.connection.call('LeaveGroup', 3, {
      groupId: this.group,
      members: [{ memberId: this.memberId }],
    })
  }
}

/** Brings these members into one stable generation: the first that joins leads. */
export function stabilize(world: ProbeWorld, members: readonly TestMember[]): void {
  const calls = members.map((member) => ({ member, call: member.join() }))
  for (let waits = 0; waits < 200 && calls.some(({ call }) => call.pending); waits += 1)
    world.clock.advance(1_000)
  for (const { member, call } of calls) member.joined(call)
  const leaderId = calls[0]?.call.answer.leader
  const leader = members.find(({ memberId }) => memberId === leaderId)
  if (leader === undefined) throw new Error('the leader is not among them')
  const followers = members.filter((member) => member !== leader).map((member) => member.sync())
  const assignments = members.map((member, index) => ({
    member,
    topics: [{ topic: 't', partitions: [index] }],
  }))
  for (const call of [leader.sync(assignments), ...followers])
    if (call.error !== 'NONE') throw new Error(`SyncGroup: ${call.error}`)
}

export function produceBody(
  records: Buffer,
  overrides: RequestDraft<'Produce'> = {},
): RequestDraft<'Produce'> {
  return {
    acks: -1,
    timeoutMs: 1_000,
    topicData: [{ name: 't', partitionData: [{ index: 0, records }] }],
    ...overrides,
  }
}

export interface BatchInput {
  readonly values?: readonly string[]
  readonly timestamps?: readonly bigint[]
  readonly producerId?: bigint
  readonly producerEpoch?: number
  readonly baseSequence?: number
}

export function batchOf({ values = ['v'], timestamps = [], ...producer }: BatchInput = {}): Buffer {
  return encodeBatch({
    ...producer,
    records: values.map((value, index) => ({
      timestamp: timestamps[index] ?? BigInt(START_MS),
      key: null,
      value: Buffer.from(value),
      headers: [],
    })),
  })
}

export function produce(connection: Line, input: BatchInput = {}): { error: string; offset: unknown } {
  const call = connection.call('Produce', 7, produceBody(batchOf(input)))
  const [topic] = call.answer.responses
  return { error: call.errors.join(), offset: topic?.partitionResponses[0]?.baseOffset }
}

export function fetchBody(
  offset: bigint,
  overrides: RequestDraft<'Fetch'> = {},
  partition: Partial<RequestBody<'Fetch'>['topics'][number]['partitions'][number]> = {},
): RequestDraft<'Fetch'> {
  return {
    maxWaitMs: 500,
    minBytes: 1,
    maxBytes: 1_000_000,
    topics: [
      {
        topic: 't',
        partitions: [{ partition: 0, fetchOffset: offset, partitionMaxBytes: 1_000_000, ...partition }],
      },
    ],
    ...overrides,
  }
}

/** The first partition of a Fetch answer: its error and the first offset of each batch. */
export function fetched(call: Call<'Fetch'>): {
  readonly error: string
  readonly bases: bigint[]
  readonly highWatermark: bigint | undefined
} {
  const partition = call.answer.responses[0]?.partitions[0]
  return {
    error: errorName(partition?.errorCode ?? 0),
    bases: batchesIn(call).map(({ baseOffset }) => baseOffset),
    highWatermark: partition?.highWatermark,
  }
}

/** The batches of the first partition of a Fetch answer. */
export function batchesIn(call: Call<'Fetch'>): RecordBatch[] {
  return readBatches(call.answer.responses[0]?.partitions[0]?.records ?? Buffer.alloc(0))
}

export function errorCode(name: ErrorName): number {
  return ERROR_CODES[name]
}
