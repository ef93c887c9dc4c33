import type { Observation } from '../../core/history.ts'
import { createChance } from '../../core/seed.ts'
import type { Clock, Cluster, RequestHooks, Session } from '../cluster.interface.ts'
import { createCluster } from '../cluster.ts'
import {
  type ApiName,
  type AssignedTopic,
  type Body,
  decodeResponse,
  ERROR_CODES,
  type ErrorName,
  encodeAssignment,
  encodeBatch,
  encodeRequest,
  encodeSubscription,
  errorName,
  readBatches,
} from '../wire/index.ts'

/** When a manual clock starts. */
export const START_MS = 1_700_000_000_000

/** A clock that moves when it is told to. */
export class ManualClock implements Clock {
  #nowMs = START_MS
  /** Timers that have gone off. */
  fired = 0
  #nextOrder = 0
  #timers: { atMs: number; order: number; action: () => void }[] = []

  nowMs(): number {
    return Math.floor(this.#nowMs)
  }

  after(delayMs: number, action: () => void): { cancel(): void } {
    const timer = { atMs: this.#nowMs + delayMs, order: this.#nextOrder++, action }
    this.#timers.push(timer)
    return {
      cancel: () => {
        this.#timers = this.#timers.filter((each) => each !== timer)
      },
    }
  }

  advance(ms: number): void {
    const untilMs = this.#nowMs + ms
    for (;;) {
      const [next] = this.#timers.sort((a, b) => a.atMs - b.atMs || a.order - b.order)
      if (next === undefined || next.atMs > untilMs) break
      this.#timers.shift()
      this.#nowMs = next.atMs
      this.fired += 1
      next.action()
    }
    this.#nowMs = untilMs
  }

  get pending(): number {
    return this.#timers.length
  }
}

/** One request and what became of it. */
export class Call {
  readonly api: ApiName
  readonly version: number
  body: Body | null = null

  constructor(api: ApiName, version: number) {
    this.api = api
    this.version = version
  }

  get pending(): boolean {
    return this.body === null
  }

  /** @throws Error while there is no answer */
  get answer(): Body {
    if (this.body === null) throw new Error(`${this.api} has not been answered`)
    return this.body
  }

  /** The name of the error at the answer's top. */
  get error(): string {
    return errorName(Number(this.answer['errorCode']))
  }

  /** The names of all errors in the answer's lists, in order. */
  get errors(): string[] {
    return codesIn(this.answer).map((code) => errorName(code))
  }
}

function codesIn(body: Body): number[] {
  const own = typeof body['errorCode'] === 'number' ? [body['errorCode']] : []
  const lists = Object.values(body).filter((value): value is Body[] => Array.isArray(value))
  const inner = lists
    .flat()
    .filter((each) => typeof each === 'object' && each !== null && !Buffer.isBuffer(each))
  return [...own, ...inner.flatMap(codesIn)]
}

/** A client that speaks frames. */
export class Connection {
  readonly #session: Session
  readonly #calls: Map<number, Call> = new Map()
  #received: Buffer = Buffer.alloc(0)
  #nextCorrelationId = 1
  readonly #clientId: string
  #raw: { received: Buffer } | null = null
  /** Correlation ids in the order in which they were answered. */
  readonly answered: number[] = []
  ended: 'closed' | 'reset' | null = null

  constructor(cluster: Cluster, brokerId: number, process: string, clientId = 'client') {
    this.#clientId = clientId
    this.#session = cluster.connect(
      brokerId,
      { process, incarnation: 1 },
      {
        send: (bytes) => this.#receive(bytes),
        close: () => {
          this.ended = 'closed'
        },
        reset: () => {
          this.ended = 'reset'
        },
      },
    )
  }

  frame(api: ApiName, version: number, body: Body): { call: Call; bytes: Buffer } {
    const correlationId = this.#nextCorrelationId++
    const call = new Call(api, version)
    this.#calls.set(correlationId, call)
    return { call, bytes: encodeRequest({ api, version, correlationId, clientId: this.#clientId, body }) }
  }

  call(api: ApiName, version: number, body: Body): Call {
    const { call, bytes } = this.frame(api, version, body)
    this.send(bytes)
    return call
  }

  send(bytes: Buffer): void {
    this.#session.receive(bytes)
  }

  /** Bytes that need not be a request. @returns what comes back, as it is */
  raw(bytes: Buffer): { readonly received: Buffer } {
    this.#raw = { received: Buffer.alloc(0) }
    this.send(bytes)
    return this.#raw
  }

  /** The peer goes. */
  close(): void {
    this.#session.closed()
  }

  #receive(bytes: Buffer): void {
    if (this.#raw !== null) {
      this.#raw.received = Buffer.concat([this.#raw.received, bytes])
      return
    }
    this.#received = Buffer.concat([this.#received, bytes])
    while (this.#received.length >= 4) {
      const size = this.#received.readInt32BE(0)
      if (this.#received.length < 4 + size) return
      const frame = this.#received.subarray(4, 4 + size)
      this.#received = this.#received.subarray(4 + size)
      const correlationId = frame.readInt32BE(0)
      const call = this.#calls.get(correlationId)
      if (call === undefined) throw new Error(`an answer to no request: ${correlationId}`)
      this.answered.push(correlationId)
      call.body = decodeResponse(call.api, call.version, frame).body
    }
  }
}

export interface World {
  readonly clock: ManualClock
  readonly cluster: Cluster
  readonly observations: Observation[]
  connect(process?: string, brokerId?: number): Connection
}

export function createWorld({
  brokers = 1,
  settings = {},
  hooks = {},
}: {
  brokers?: number
  settings?: Readonly<Record<string, string | number | boolean>>
  hooks?: RequestHooks
} = {}): World {
  const clock = new ManualClock()
  const observations: Observation[] = []
  const cluster = createCluster({
    brokers: Array.from({ length: brokers }, (_, id) => ({ id, host: `broker-${id}`, port: 9092 })),
    clock,
    chance: createChance('t'),
    observer: { observe: (observation) => void observations.push(observation) },
    hooks,
    settings,
  })
  return {
    clock,
    cluster,
    observations,
    connect: (process = 'client-0', brokerId = 0) => new Connection(cluster, brokerId, process),
  }
}

export const SESSION_MS = 10_000
export const REBALANCE_MS = 60_000
export const GROUP = 'g'

/** One consumer of a group on a connection of its own. */
export class TestMember {
  connection: Connection
  readonly group: string
  memberId = ''
  generation = -1
  readonly #world: World
  readonly #process: string

  constructor(world: World, process: string, { group = GROUP, broker = 0 } = {}) {
    this.#world = world
    this.#process = process
    this.group = group
    this.connection = world.connect(process, broker)
  }

  reconnect(broker = 0): void {
    this.connection = this.#world.connect(this.#process, broker)
  }

  /** Sends JoinGroup (twice where the first one only gives an id). */
  join(overrides: Body = {}, version = 5): Call {
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
    this.memberId = String(call.answer['memberId'])
    return this.connection.call('JoinGroup', version, { ...body, memberId: this.memberId })
  }

  /** Takes id and generation over from the answer. */
  joined(call: Call): void {
    if (call.error !== 'NONE') throw new Error(`JoinGroup: ${call.error}`)
    this.memberId = String(call.answer['memberId'])
    this.generation = Number(call.answer['generationId'])
  }

  sync(
    assignments: readonly { member: TestMember; topics: readonly AssignedTopic[] }[] = [],
    overrides: Body = {},
  ): Call {
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

  heartbeat(overrides: Body = {}): string {
    return this.connection.call('Heartbeat', 3, {
      groupId: this.group,
      generationId: this.generation,
      memberId: this.memberId,
      ...overrides,
    }).error
  }

  commit(offset: bigint, overrides: Body = {}, partition: Body = {}): string {
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

  leave(): Call {
    return this.connection.call('LeaveGroup', 3, {
      groupId: this.group,
      members: [{ memberId: this.memberId }],
    })
  }
}

/** Brings these members into one stable generation: the first that joins leads. */
export function stabilize(world: World, members: readonly TestMember[]): void {
  const calls = members.map((member) => ({ member, call: member.join() }))
  for (let waits = 0; waits < 200 && calls.some(({ call }) => call.pending); waits += 1)
    world.clock.advance(1_000)
  for (const { member, call } of calls) member.joined(call)
  const leaderId = calls[0]?.call.answer['leader']
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

export function produceBody(records: Buffer, overrides: Body = {}): Body {
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

export function produce(connection: Connection, input: BatchInput = {}): { error: string; offset: unknown } {
  const call = connection.call('Produce', 7, produceBody(batchOf(input)))
  const [topic] = call.answer['responses'] as { partitionResponses: Body[] }[]
  return { error: call.errors.join(), offset: topic?.partitionResponses[0]?.['baseOffset'] }
}

export function fetchBody(offset: bigint, overrides: Body = {}, partition: Body = {}): Body {
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
export function fetched(call: Call): { error: string; bases: bigint[]; highWatermark: unknown } {
  const [topic] = call.answer['responses'] as { partitions: Body[] }[]
  const partition = topic?.partitions[0] ?? {}
  return {
    error: errorName(Number(partition['errorCode'])),
    bases: readBatches(partition['records'] as Buffer).map(({ baseOffset }) => baseOffset),
    highWatermark: partition['highWatermark'],
  }
}

export function errorCode(name: ErrorName): number {
  return ERROR_CODES[name]
}
