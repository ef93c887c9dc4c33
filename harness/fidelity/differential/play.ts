import { hashPartition } from '../../kafka/group/java-hash.ts'
import {
  type ApiName,
  type Body,
  decodeAssignment,
  encodeAssignment,
  encodeBatch,
  encodeSubscription,
  errorName,
} from '../../kafka/wire/index.ts'
import { addingError, deepError, offsetsIn, recordsIn, shownValues, type Table, topError } from './answers.ts'
import { Consumers } from './consumers.ts'
import {
  type Ask,
  type Generation,
  PARTITIONS,
  REBALANCE_MS,
  type Script,
  SESSION_MS,
  type Step,
} from './script.ts'
import { stateText } from './state-records.ts'
import type { Asked, Line, Target } from './target.ts'

/** Longest that a step waits for its answer. */
const ANSWER_MS = 8_000
/** What a coordinator does behind its answer (markers, expiries) is done after this long. */
const SETTLE_MS = 1_000
const RETRIES = 40
/** The highest sequence; the next one is 0. */
const TOP = 2 ** 31 - 1
const BIG_BYTES = 20_000
/** Says: not now. A client asks again. */
const NOT_NOW = new Set([
  'CONCURRENT_TRANSACTIONS',
  'COORDINATOR_LOAD_IN_PROGRESS',
  'COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR',
  'UNKNOWN_TOPIC_OR_PARTITION',
  'NOT_LEADER_OR_FOLLOWER',
  'LEADER_NOT_AVAILABLE',
])

interface Member {
  line: Line
  id: string
  generation: number
  instance: string | null
  leads: boolean
  members: string[]
  /** JoinGroup or SyncGroup that has not been looked at. */
  pending: { readonly what: 'join' | 'sync'; readonly asked: Asked } | null
}

interface Producer {
  id: bigint
  epoch: number
  /** The next sequence, and the last batch, of each partition. */
  readonly sequences: Map<number, { next: number; last: number }>
}

/** More than all that scripts leave in one partition of an internal topic. */
const READ_BYTES = 50_000_000

const NOBODY: Producer = { id: -1n, epoch: -1, sequences: new Map() }

/**
 * Plays a script on a cluster with one broker; gives one line a step: what a client saw, in names that mean the same
 * everywhere.
 */
export async function play(script: Script, target: Target, run: string): Promise<string[]> {
  const player = new Player(
    target,
    `${run}-${script.name.replace(/[^a-z0-9]+/gi, '-')}`,
    script.countsOnly === true,
  )
  await player.prepare()
  if (script.steps.some((step) => step.do === 'subscribe')) await player.prepareConsumers()
  const lines: string[] = []
  for (const step of script.steps) lines.push(`${textOf(step)} => ${await seenOf(player, step)}`)
  player.close()
  return lines
}

/** An answer that is not what it should be must not end the other scripts. */
async function seenOf(player: Player, step: Step): Promise<string> {
  try {
    return await player.step(step)
  } catch (error) {
    return `unreadable: ${error instanceof Error ? error.message : String(error)}`
  }
}

function textOf(step: Step): string {
  return JSON.stringify(step, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
}

class Player {
  readonly #target: Target
  readonly #topic: string
  readonly #clientId: string
  readonly #group: string
  readonly #names: Table = { ids: new Map() }
  readonly #members: Map<number, Member> = new Map()
  readonly #producers: Map<number, Producer> = new Map()
  readonly #transactions: Map<number, Producer> = new Map()
  readonly #consumers: Consumers
  readonly #countsOnly: boolean
  /** Records are of today, for a broker deletes what is a week old. */
  readonly #startedMs: bigint
  #line: Line
  #topicId = '0'.repeat(32)

  constructor(target: Target, name: string, countsOnly: boolean) {
    this.#startedMs = BigInt(target.nowMs())
    this.#target = target
    this.#clientId = `c-${name}`
    this.#topic = `t-${name}`
    this.#group = `g-${name}`
    this.#countsOnly = countsOnly
    this.#line = target.connect(this.#clientId)
    this.#consumers = new Consumers({
      target,
      ask: (api, version, body, on) => this.#patiently(() => this.#ask(api, version, body, on), notNowOf),
      topic: this.#topic,
      group: countsOnly ? this.#group : `${this.#group}-c`,
      partitions: PARTITIONS,
      countsOnly,
    })
  }

  async prepare(): Promise<void> {
    await this.#ask('CreateTopics', 2, {
      topics: [
        { name: this.#topic, numPartitions: PARTITIONS, replicationFactor: 1, assignments: [], configs: [] },
      ],
      timeoutMs: 5_000,
    })
    // The internal topics come with their first use.
    for (const [keyType, key] of [
      [0, this.#group],
      [1, this.#group],
    ] as const)
      await this.#patiently(() => this.#ask('FindCoordinator', 1, { key, keyType }), topError)
    await this.#patiently(() => this.#list(0, -1n, false, 2), deepError)
    await this.#patiently(() => this.#list(1, -1n, false, 2), deepError)
  }

  prepareConsumers(): Promise<void> {
    return this.#consumers.prepare()
  }

  close(): void {
    this.#line.close()
    this.#consumers.close()
    for (const { line } of this.#members.values()) line.close()
  }

  async step(step: Step): Promise<string> {
    switch (step.do) {
      case 'produce':
        return this.#produce(step.partition, step.version, { count: step.count })
      case 'new-producer': {
        const body = { transactionalId: null, transactionTimeoutMs: 60_000 }
        const answer = await this.#patiently(() => this.#ask('InitProducerId', step.version, body), topError)
        if (topError(answer) === 'NONE') this.#producers.set(step.producer, producerOf(answer))
        return topError(answer)
      }
      case 'idempotent':
        return this.#idempotent(step)
      case 'fetch':
        return this.#fetch(step)
      case 'list-offsets':
        return this.#listed(step)
      case 'delete-records':
        return this.#deleteRecords(step)
      case 'join':
        return this.#join(step)
      case 'sync':
        return this.#sync(step)
      case 'await':
        return this.#await(this.#member(step.member))
      case 'heartbeat': {
        const member = this.#member(step.member)
        const waited = await this.#free(member)
        const answer = await this.#ask(
          'Heartbeat',
          step.version,
          this.#identity(member, step.generation),
          member.line,
        )
        return `${waited}${topError(answer)}`
      }
      case 'leave':
        return this.#leave(step)
      case 'commit':
        return this.#commit(step)
      case 'offsets':
        return this.#offsets(step)
      case 'describe-group':
        return this.#describe(step.version)
      case 'delete-group':
        return deepError(await this.#ask('DeleteGroups', 1, { groupsNames: [this.#group] }))
      case 'restart':
        // Whoever holds a session has lost it by then, however long the others take to get here.
        await this.#target.wait(SESSION_MS + 2 * REBALANCE_MS)
        await this.#target.restart()
        return this.#afterRestart()
      case 'read-state':
        return this.#readState(step)
      case 'ask':
        return this.#asked(step)
      case 'pipeline':
        return this.#pipeline(step.asks)
      case 'bytes':
        return this.#bytes(Buffer.from(step.hex, 'hex'))
      case 'sleep':
        await this.#target.wait(step.ms)
        return 'later'
      case 'subscribe':
      case 'report':
      case 'unsubscribe':
      case 'consumer-commit':
      case 'consumer-offsets':
      case 'describe-consumers':
        return this.#consumers.step(step)
      default:
        return this.#transactional(step)
    }
  }

  // --- logs

  async #produce(
    partition: number,
    version: number,
    options: {
      count: number
      producer?: Producer
      sequence?: number
      epoch?: number
      transactionalId?: string
    },
  ): Promise<string> {
    const { count, producer, sequence = -1, epoch, transactionalId = null } = options
    const records = Array.from({ length: count }, (_, index) => ({
      timestamp: this.#startedMs + BigInt(index),
      key: null,
      value: Buffer.from(`value-${index}`),
      headers: [],
    }))
    const batch = encodeBatch({
      records,
      transactional: transactionalId !== null,
      ...(producer === undefined
        ? {}
        : { producerId: producer.id, producerEpoch: epoch ?? producer.epoch, baseSequence: sequence }),
    })
    const answer = await this.#ask('Produce', version, {
      transactionalId,
      acks: -1,
      timeoutMs: 5_000,
      topicData: [{ name: this.#topic, partitionData: [{ index: partition, records: batch }] }],
    })
    const error = deepError(answer)
    return error === 'NONE' ? `at ${offsetsIn(answer, 'baseOffset')}` : error
  }

  async #idempotent(step: Extract<Step, { do: 'idempotent' }>): Promise<string> {
    const producer = this.#producers.get(step.producer)
    if (producer === undefined) return 'no producer'
    const known = producer.sequences.get(step.partition) ?? { next: 0, last: 0 }
    const sequence = { next: known.next, again: known.last, gap: known.next + 5, first: 0, top: TOP }[
      step.sequence
    ]
    const epoch = step.epoch === 'own' ? producer.epoch : producer.epoch - 1
    if (epoch < 0) return 'no older epoch'
    const seen = await this.#produce(step.partition, step.version, {
      count: step.count,
      producer,
      sequence,
      epoch,
    })
    if (seen.startsWith('at ') && step.sequence !== 'again')
      producer.sequences.set(step.partition, { next: (sequence + step.count) % (TOP + 1), last: sequence })
    return seen
  }

  async #list(partition: number, timestamp: bigint, committed: boolean, version: number): Promise<Body> {
    return this.#ask('ListOffsets', version, {
      replicaId: -1,
      isolationLevel: committed ? 1 : 0,
      topics: [
        {
          name: this.#topic,
          partitions: [{ partitionIndex: partition, currentLeaderEpoch: -1, timestamp, maxNumOffsets: 1 }],
        },
      ],
    })
  }

  async #listed(step: Extract<Step, { do: 'list-offsets' }>): Promise<string> {
    const at = {
      earliest: -2n,
      latest: -1n,
      time: this.#startedMs + 1n,
      never: this.#startedMs + 1_000_000_000n,
    }[step.at]
    const answer = await this.#list(step.partition, at, step.committed, step.version)
    const error = deepError(answer)
    return error === 'NONE' ? `offset ${offsetsIn(answer, 'offset')}` : error
  }

  /** Where the partition starts and ends, for steps that say their places by them. */
  async #bounds(partition: number): Promise<{ start: bigint; end: bigint }> {
    const start = BigInt(offsetsIn(await this.#list(partition, -2n, false, 2), 'offset'))
    const end = BigInt(offsetsIn(await this.#list(partition, -1n, false, 2), 'offset'))
    return { start, end }
  }

  async #fetch(step: Extract<Step, { do: 'fetch' }>): Promise<string> {
    const { start, end } = await this.#bounds(step.partition)
    const middle = (start + end) / 2n
    const offset = { start, end, middle, beyond: end + 3n, below: start - 1n }[step.from]
    const answer = await this.#ask('Fetch', step.version, {
      replicaId: -1,
      maxWaitMs: 50,
      minBytes: 1,
      maxBytes: 1_000_000,
      isolationLevel: step.committed ? 1 : 0,
      topics: [
        {
          topic: this.#topic,
          partitions: [{ partition: step.partition, fetchOffset: offset, partitionMaxBytes: 1_000_000 }],
        },
      ],
    })
    return recordsIn(answer, this.#names)
  }

  async #deleteRecords(step: Extract<Step, { do: 'delete-records' }>): Promise<string> {
    const { start, end } = await this.#bounds(step.partition)
    const offset = { middle: (start + end) / 2n, end: -1n, beyond: end + 3n }[step.upTo]
    const answer = await this.#ask('DeleteRecords', 1, {
      topics: [{ name: this.#topic, partitions: [{ partitionIndex: step.partition, offset }] }],
      timeoutMs: 5_000,
    })
    const error = deepError(answer)
    return error === 'NONE' ? `starts at ${offsetsIn(answer, 'lowWatermark')}` : error
  }

  // --- groups

  #member(number: number): Member {
    const known = this.#members.get(number)
    if (known !== undefined) return known
    const made: Member = {
      line: this.#target.connect(this.#clientId),
      id: '',
      generation: -1,
      instance: null,
      leads: false,
      members: [],
      pending: null,
    }
    this.#members.set(number, made)
    return made
  }

  /** A connection takes one request at a time: what waits on it is awaited first. */
  async #free(member: Member): Promise<string> {
    return member.pending === null ? '' : `(${await this.#await(member)}) `
  }

  #identity({ id, generation, instance }: Member, which: Generation): Body {
    const shift = { own: 0, older: -1, newer: 1 }[which]
    return {
      groupId: this.#group,
      memberId: id,
      groupInstanceId: instance,
      generationId: generation + shift,
    }
  }

  async #join(step: Extract<Step, { do: 'join' }>): Promise<string> {
    const member = this.#member(step.member)
    const waited = await this.#free(member)
    if (step.as === 'new') member.id = ''
    member.instance = step.instance === undefined ? null : `i${step.instance}`
    const body = {
      groupId: this.#group,
      sessionTimeoutMs: SESSION_MS,
      rebalanceTimeoutMs: REBALANCE_MS,
      memberId: step.as === 'unknown' ? 'nobody' : member.id,
      groupInstanceId: member.instance,
      protocolType: 'consumer',
      protocols: [
        { name: step.protocol, metadata: encodeSubscription({ version: 0, topics: [this.#topic] }) },
      ],
    }
    member.pending = { what: 'join', asked: member.line.call('JoinGroup', step.version, body) }
    await this.#target.wait(SETTLE_MS, () => member.pending?.asked.body != null)
    const first = member.pending.asked.body
    if (first === null) return `${waited}waits`
    if (topError(first) !== 'MEMBER_ID_REQUIRED') return `${waited}${await this.#await(member)}`
    member.id = String(first['memberId'])
    const named = { ...body, memberId: member.id }
    member.pending = { what: 'join', asked: member.line.call('JoinGroup', step.version, named) }
    await this.#target.wait(SETTLE_MS, () => member.pending?.asked.body != null)
    return `${waited}MEMBER_ID_REQUIRED, then ${member.pending.asked.body === null ? 'waits' : await this.#await(member)}`
  }

  async #sync(step: Extract<Step, { do: 'sync' }>): Promise<string> {
    const member = this.#member(step.member)
    const waited = await this.#free(member)
    const assignments = member.leads
      ? member.members
          .toSorted((a, b) => this.#numberOf(a) - this.#numberOf(b))
          .map((memberId, index) => ({
            memberId,
            assignment: encodeAssignment(
              index < PARTITIONS ? [{ topic: this.#topic, partitions: [index] }] : [],
            ),
          }))
      : []
    const body = {
      ...this.#identity(member, step.generation),
      protocolType: 'consumer',
      protocolName: 'range',
      assignments,
    }
    member.pending = { what: 'sync', asked: member.line.call('SyncGroup', step.version, body) }
    await this.#target.wait(SETTLE_MS, () => member.pending?.asked.body != null)
    return `${waited}${member.pending.asked.body === null ? 'waits' : await this.#await(member)}`
  }

  /** What came of the member's JoinGroup or SyncGroup. */
  async #await(member: Member): Promise<string> {
    const { pending } = member
    if (pending === null) return 'nothing to wait for'
    await this.#target.wait(ANSWER_MS, () => pending.asked.body !== null || member.line.closed)
    member.pending = null
    const { body } = pending.asked
    if (body === null) {
      const how = member.line.closed ? 'closed' : 'no answer'
      member.line.close()
      member.line = this.#target.connect(this.#clientId)
      return how
    }
    const error = topError(body)
    if (error !== 'NONE') return error
    if (pending.what === 'sync') {
      const assignment = body['assignment'] as Buffer
      if (this.#countsOnly) return `assigned ${assignedIn(assignment)} partitions`
      return `assigned ${assignment.length === 0 ? 'nothing' : [...assignment.subarray(-8)].join('.')}`
    }
    member.id = String(body['memberId'])
    member.generation = Number(body['generationId'])
    member.leads = body['leader'] === member.id
    member.members = (body['members'] as { memberId: string }[]).map(({ memberId }) => memberId)
    const skips = body['skipAssignment'] === true ? ', skips' : ''
    const size = member.leads ? `, leads ${member.members.length}${skips}` : ''
    return `generation ${member.generation} of ${String(body['protocolName'])}${size}`
  }

  /** Ids are random; the numbers of the script's members are not. */
  #numberOf(id: string): number {
    return [...this.#members].find(([, member]) => member.id === id)?.[0] ?? this.#members.size
  }

  async #leave(step: Extract<Step, { do: 'leave' }>): Promise<string> {
    const member = this.#member(step.member)
    const waited = await this.#free(member)
    const body = {
      groupId: this.#group,
      memberId: member.id,
      members: [{ memberId: step.expelled === true ? '' : member.id, groupInstanceId: member.instance }],
    }
    return `${waited}${deepError(await this.#ask('LeaveGroup', step.version, body, member.line))}`
  }

  async #commit(step: Extract<Step, { do: 'commit' }>): Promise<string> {
    const member = step.member === null ? null : this.#member(step.member)
    const waited = member === null ? '' : await this.#free(member)
    const { generationId = -1, ...identity } = member === null ? {} : this.#identity(member, step.generation)
    const body = {
      groupId: this.#group,
      memberId: '',
      ...identity,
      generationIdOrMemberEpoch: generationId,
      topics: this.#committing(step),
    }
    return `${waited}${deepError(await this.#ask('OffsetCommit', step.version, body, member?.line))}`
  }

  #committing({ partition, offset }: { partition: number; offset: number }): Body[] {
    const one = { partitionIndex: partition, committedOffset: BigInt(offset), committedMetadata: null }
    return [{ name: this.#topic, partitions: [one] }]
  }

  async #offsets({ all, version }: Extract<Step, { do: 'offsets' }>): Promise<string> {
    const partitionIndexes = Array.from({ length: PARTITIONS }, (_, index) => index)
    const topics = all ? null : [{ name: this.#topic, partitionIndexes }]
    const body =
      version < 8
        ? { groupId: this.#group, topics, requireStable: true }
        : { groups: [{ groupId: this.#group, topics }], requireStable: true }
    const answer = await this.#ask('OffsetFetch', version, body)
    const error = deepError(answer)
    return error === 'NONE' ? `committed ${offsetsIn(answer, 'committedOffset')}` : error
  }

  async #describe(version: number): Promise<string> {
    const answer = await this.#ask('DescribeGroups', version, { groups: [this.#group] })
    if (answer['failed'] !== undefined) return String(answer['failed'])
    const [group = {}] = answer['groups'] as Body[]
    const members = (group['members'] as unknown[]).length
    return `${deepError(answer)} ${String(group['groupState'])} ${String(group['protocolData'])} members ${members}`
  }

  async #afterRestart(): Promise<string> {
    this.#line.close()
    this.#line = this.#target.connect(this.#clientId)
    this.#consumers.reconnect()
    for (const member of this.#members.values()) {
      member.line.close()
      member.line = this.#target.connect(this.#clientId)
      member.pending = null
    }
    await this.prepare()
    await this.#patiently(() => this.#ask('DescribeGroups', 0, { groups: [this.#group] }), deepError)
    return 'again there'
  }

  // --- transactions

  async #transactional(step: Extract<Step, { transaction: number }>): Promise<string> {
    const transactionalId = `${this.#group}-${step.transaction}`
    if (step.do === 'begin') {
      const body = { transactionalId, transactionTimeoutMs: step.timeoutMs ?? 60_000 }
      const answer = await this.#patiently(() => this.#ask('InitProducerId', step.version, body), topError)
      if (topError(answer) === 'NONE') this.#transactions.set(step.transaction, producerOf(answer))
      await this.#target.wait(SETTLE_MS)
      return `${topError(answer)} epoch ${String(answer['producerEpoch'])}`
    }
    const producer = this.#transactions.get(step.transaction) ?? NOBODY
    const who = { transactionalId, producerId: producer.id, producerEpoch: producer.epoch }
    switch (step.do) {
      case 'add-partition': {
        const topics = [{ name: this.#topic, partitions: [step.partition] }]
        const body = {
          v3AndBelowTransactionalId: transactionalId,
          v3AndBelowProducerId: producer.id,
          v3AndBelowProducerEpoch: producer.epoch,
          v3AndBelowTopics: topics,
        }
        return addingError(
          await this.#patiently(() => this.#ask('AddPartitionsToTxn', step.version, body), addingError),
        )
      }
      case 'send': {
        const known = producer.sequences.get(step.partition) ?? { next: 0, last: 0 }
        const seen = await this.#produce(step.partition, step.version, {
          count: step.count,
          producer,
          sequence: known.next,
          transactionalId,
        })
        if (seen.startsWith('at '))
          producer.sequences.set(step.partition, { next: known.next + step.count, last: known.next })
        return seen
      }
      case 'add-offsets': {
        const body = { ...who, groupId: this.#group }
        return topError(
          await this.#patiently(() => this.#ask('AddOffsetsToTxn', step.version, body), topError),
        )
      }
      case 'send-offsets': {
        const member = step.member === null ? null : this.#member(step.member)
        const waited = member === null ? '' : await this.#free(member)
        const identity =
          member === null ? { generationId: -1, memberId: '' } : this.#identity(member, step.generation)
        const body = { ...who, groupId: this.#group, ...identity, topics: this.#committing(step) }
        const answer = await this.#patiently(
          () => this.#ask('TxnOffsetCommit', step.version, body),
          deepError,
        )
        return `${waited}${deepError(answer)}`
      }
      case 'end': {
        const body = { ...who, committed: step.commit }
        const answer = await this.#patiently(() => this.#ask('EndTxn', step.version, body), topError)
        await this.#target.wait(SETTLE_MS)
        return topError(answer)
      }
    }
  }

  // --- internal topics

  async #readState({ of, number = 0 }: Extract<Step, { do: 'read-state' }>): Promise<string> {
    const transactionalId = `${this.#group}-${number}`
    const [topic, id] =
      of === 'group' ? ['__consumer_offsets', this.#group] : ['__transaction_state', transactionalId]
    // Some is written after the answer, and markers later.
    await this.#target.wait(SETTLE_MS)
    const named = [{ name: topic }, { name: this.#topic }]
    const metadata = await this.#ask('Metadata', 12, { topics: named })
    this.#learn(metadata)
    const found = (metadata['topics'] as Body[]).find(({ name }) => name === topic)
    const { length } = (found?.['partitions'] ?? []) as Body[]
    const fetched = await this.#ask('Fetch', 11, {
      maxWaitMs: 0,
      minBytes: 0,
      maxBytes: READ_BYTES,
      topics: [
        {
          topic,
          partitions: [
            { partition: hashPartition(id, length), fetchOffset: 0n, partitionMaxBytes: READ_BYTES },
          ],
        },
      ],
    })
    const error = deepError(fetched)
    if (error !== 'NONE') return error
    const [read] = fetched['responses'] as { partitions: Body[] }[]
    const records = (read?.partitions[0]?.['records'] as Buffer | null) ?? Buffer.alloc(0)
    const producers = [...this.#transactions.values()].map((producer) => producer.id)
    const owner = {
      group: this.#group,
      transactionalId,
      producers,
      topic: this.#topic,
      topicId: this.#topicId,
    }
    return stateText(records, owner, this.#names)
  }

  // --- any request

  async #asked({ api, version, body, show = [], member }: Ask): Promise<string> {
    const on = member === undefined ? undefined : this.#member(member).line
    const answer = await this.#ask(api, version, this.#filled(body) as Body, on)
    this.#learn(answer)
    const shown = show.map((field) => `${field} ${shownValues(answer, field, this.#names)}`)
    return [deepError(answer), ...shown].join(', ')
  }

  async #pipeline(asks: readonly Ask[]): Promise<string> {
    const line = this.#target.connect(this.#clientId)
    const all = asks.map(({ api, version, body }) => line.call(api, version, this.#filled(body) as Body))
    await this.#target.wait(SETTLE_MS, () => all.every((asked) => asked.body !== null))
    const seen = all.map(({ body }) => (body === null ? 'waits' : deepError(body))).join(', ')
    line.close()
    return seen
  }

  async #bytes(data: Buffer): Promise<string> {
    const line = this.#target.connect(this.#clientId)
    const seen = line.bytes(data)
    await this.#target.wait(SETTLE_MS, () => line.closed || seen.received.length >= 10)
    const what = seen.received.length >= 10 ? `answers ${errorName(seen.received.readInt16BE(8))}` : null
    const closed = line.closed
    line.close()
    return what ?? (closed ? 'closed' : 'waits')
  }

  /** Member ids that answers bring are the members' own. */
  #learn(answer: Body): void {
    if (typeof answer['topicId'] === 'string') this.#topicId = answer['topicId']
    const topics = answer['topics']
    if (!Array.isArray(topics)) return
    for (const { name, topicId } of topics as Body[])
      if (name === this.#topic && typeof topicId === 'string') this.#topicId = topicId
  }

  #filled(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((each) => this.#filled(each))
    if (Buffer.isBuffer(value) || typeof value === 'bigint') return value
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, this.#filled(each)]))
    if (typeof value !== 'string' || !value.startsWith('$')) return value
    const [, name = value, index = '0', shift = '0'] = /^(\$[a-z-]+)(\d*)([+-]\d+)?$/.exec(value) ?? []
    const number = Number(index)
    const producer = this.#producers.get(number) ?? NOBODY
    const transaction = this.#transactions.get(number) ?? NOBODY
    switch (name) {
      case '$topic':
        return this.#topic
      case '$group':
        return this.#group
      case '$client':
        return this.#clientId
      case '$other':
        return `${this.#topic}-other`
      case '$m':
        return this.#members.get(number)?.id ?? ''
      case '$g':
        return this.#members.get(number)?.generation ?? -1
      case '$p':
        return producer.id
      case '$e':
        return producer.epoch
      case '$t':
        return transaction.id
      case '$f':
        return transaction.epoch + Number(shift)
      case '$id':
        return `${this.#group}-${number}`
      case '$uuid':
        return this.#topicId
      case '$big-batch':
        return encodeBatch({
          records: [{ timestamp: this.#startedMs, key: null, value: Buffer.alloc(BIG_BYTES), headers: [] }],
        })
      case '$batch':
        return encodeBatch({
          records: [{ timestamp: this.#startedMs, key: null, value: Buffer.from('v'), headers: [] }],
        })
      default:
        return value
    }
  }

  // --- asking

  /** @returns the answer, or a body that says `NO_ANSWER` or `CLOSED` as its error */
  async #ask(api: ApiName, version: number, body: Body, on?: Line): Promise<Body> {
    const line = on ?? this.#line
    const asked = line.call(api, version, body)
    await this.#target.wait(ANSWER_MS, () => asked.body !== null || line.closed)
    if (asked.body !== null) return asked.body
    if (on === undefined) {
      this.#line.close()
      this.#line = this.#target.connect(this.#clientId)
    }
    return { failed: line.closed ? 'CLOSED' : 'NO_ANSWER' }
  }

  /** Asks again while the cluster says: not now. */
  async #patiently(ask: () => Promise<Body>, errorOf: (body: Body) => string): Promise<Body> {
    let answer = await ask()
    for (let left = RETRIES; left > 0 && NOT_NOW.has(errorOf(answer)); left -= 1) {
      await this.#target.wait(100)
      answer = await ask()
    }
    return answer
  }
}

function assignedIn(assignment: Buffer): number {
  return (decodeAssignment(assignment) ?? []).reduce((sum, { partitions }) => sum + partitions.length, 0)
}

function producerOf(answer: Body): Producer {
  return {
    id: answer['producerId'] as bigint,
    epoch: Number(answer['producerEpoch']),
    sequences: new Map(),
  }
}

/** A coordinator that loads, or one that is elsewhere; what a topic says is part of the answer. */
function notNowOf(body: Body): string {
  const error = deepError(body)
  return error === 'UNKNOWN_TOPIC_OR_PARTITION' ? 'NONE' : error
}
