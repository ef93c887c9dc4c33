import { entryAt } from '../../core/lists.ts'
import { createStream, type Stream } from '../../core/seed.ts'
import { type ApiName, servedVersions } from '../../kafka/index.ts'
import { CONSUMER_MAKERS, MIGRANT_MAKERS } from './generate-consumers.ts'
import { type Generation, MEMBERS, PARTITIONS, type Script, type Step } from './script.ts'

/** Versions that Kafka 3.9 and 4.1 both serve to clients, and in which they behave alike. */
const VERSIONS: Partial<Record<ApiName, readonly [number, number]>> = {
  Produce: [3, 11],
  Fetch: [4, 12],
  ListOffsets: [1, 8],
  OffsetCommit: [2, 9],
  OffsetFetch: [1, 8],
  JoinGroup: [2, 9],
  SyncGroup: [0, 5],
  Heartbeat: [0, 4],
  LeaveGroup: [0, 5],
  DescribeGroups: [0, 5],
  InitProducerId: [0, 4],
  AddPartitionsToTxn: [0, 3],
  AddOffsetsToTxn: [0, 3],
  TxnOffsetCommit: [0, 3],
  EndTxn: [0, 3],
}

const STEPS = { least: 12, most: 28 } as const
type Maker = (random: Stream) => Step[]

const CLASSIC_STEPS: readonly Maker[] = [
  (random) => [
    { do: 'heartbeat', member: 0, generation: generation(random), version: version(random, 'Heartbeat') },
  ],
  (random) => [
    {
      do: 'commit',
      member: 0,
      generation: generation(random),
      partition: 0,
      offset: 5,
      version: version(random, 'OffsetCommit'),
    },
  ],
  (random) => [{ do: 'leave', member: 0, version: version(random, 'LeaveGroup') }],
  describe,
  offsets,
]

/** The subjects of scripts; most scripts mix two of them. */
const SUBJECTS: Readonly<Record<string, readonly Maker[]>> = {
  log: [produce, produce, fetch, fetch, listOffsets, deleteRecords],
  producers: [newProducer, idempotent, idempotent, idempotent, fetch],
  group: [
    join,
    join,
    awaitMember,
    sync,
    awaitMember,
    heartbeat,
    leave,
    commit,
    offsets,
    round,
    round,
    describe,
  ],
  offsets: [commit, commit, offsets, commit, round, deleteGroup, describe],
  transactions: [begin, whole, whole, addPartition, send, end, fetch, listOffsets, sendOffsets, offsets],
  consumers: CONSUMER_MAKERS,
  statics: [
    joinStatic,
    joinStatic,
    awaitMember,
    sync,
    awaitMember,
    heartbeat,
    leave,
    expel,
    commit,
    staticRound,
  ],
  migration: [...MIGRANT_MAKERS, classicRound, classicRound, ...CLASSIC_STEPS],
}

/** The consumer protocol (KIP-848) is served since Kafka 4.0. */
const SINCE_4_0: ReadonlySet<string> = new Set(['consumers', 'migration'])

/** A script of client operations, the same for the same seed and the same served versions. */
export function generate(seed: string, number: number): Script {
  const random = createStream(`${seed}/${number}`)
  const names = Object.keys(SUBJECTS)
  const first = entryAt(names, number % names.length)
  const picked = random.pick(names)
  const second = picked === 'migration' || first === 'migration' ? first : picked
  const steps: Step[] = []
  const length = random.between(STEPS.least, STEPS.most)
  // Without these most steps would be refused for the same reason.
  if (first === 'transactions' || second === 'transactions')
    for (const t of [0, 1]) steps.push(begun(random, t))
  if (first === 'producers' || second === 'producers') steps.push(...newProducer(random))
  while (steps.length < length) {
    const subject = SUBJECTS[random.oneIn(2, 3) ? first : second] as readonly Maker[]
    steps.push(...random.pick(subject)(random))
    if (random.oneIn(1, 40)) steps.push({ do: 'sleep', ms: random.oneIn(1, 2) ? 700 : 5_200 })
  }
  if (number % 5 === 2) steps.splice(random.between(4, steps.length - 1), 0, { do: 'restart' })
  return {
    name: `${seed}/${number} ${first}${second === first ? '' : ` and ${second}`}`,
    steps,
    countsOnly: first === 'migration',
    ...([first, second].some((subject) => SINCE_4_0.has(subject)) ? { since: '4.0' } : {}),
  }
}

function version(random: Stream, api: ApiName): number {
  const [from, to] = VERSIONS[api] ?? [0, 0]
  const served = servedVersions(api)
  const least = Math.max(from, served?.min ?? from)
  return random.between(least, Math.max(least, Math.min(to, served?.max ?? from)))
}

const partition = (random: Stream): number => random.between(0, PARTITIONS - 1)
const member = (random: Stream): number => random.between(0, MEMBERS - 1)
const transaction = (random: Stream): number => random.between(0, 1)
const isCommitted = (random: Stream): boolean => random.oneIn(1, 2)

function generation(random: Stream): Generation {
  return random.oneIn(3, 4) ? 'own' : random.pick(['older', 'newer'] as const)
}

function produce(random: Stream): Step[] {
  const count = random.between(1, 3)
  return [{ do: 'produce', partition: partition(random), count, version: version(random, 'Produce') }]
}

function newProducer(random: Stream): Step[] {
  return [{ do: 'new-producer', producer: transaction(random), version: version(random, 'InitProducerId') }]
}

function idempotent(random: Stream): Step[] {
  return [
    {
      do: 'idempotent',
      producer: transaction(random),
      partition: partition(random),
      count: random.between(1, 3),
      sequence: random.oneIn(1, 2) ? 'next' : random.pick(['again', 'gap', 'first'] as const),
      epoch: random.oneIn(7, 8) ? 'own' : 'older',
      version: version(random, 'Produce'),
    },
  ]
}

function fetch(random: Stream): Step[] {
  return [
    {
      do: 'fetch',
      partition: partition(random),
      from: random.pick(['start', 'start', 'middle', 'end', 'beyond', 'below'] as const),
      committed: isCommitted(random),
      version: version(random, 'Fetch'),
    },
  ]
}

function listOffsets(random: Stream): Step[] {
  return [
    {
      do: 'list-offsets',
      partition: partition(random),
      at: random.pick(['earliest', 'latest', 'time', 'never'] as const),
      committed: isCommitted(random),
      version: Math.max(2, version(random, 'ListOffsets')),
    },
  ]
}

function deleteRecords(random: Stream): Step[] {
  const upTo = random.pick(['middle', 'middle', 'end', 'beyond'] as const)
  return [{ do: 'delete-records', partition: partition(random), upTo }]
}

function join(random: Stream): Step[] {
  return [
    {
      do: 'join',
      member: member(random),
      as: random.oneIn(4, 5) ? 'self' : random.pick(['new', 'unknown'] as const),
      protocol: random.oneIn(5, 6) ? 'range' : 'roundrobin',
      version: version(random, 'JoinGroup'),
    },
  ]
}

/** Two instance ids for three members, so that they fence each other. */
function joinStatic(random: Stream): Step[] {
  return [
    {
      do: 'join',
      member: member(random),
      as: random.oneIn(1, 2) ? 'self' : random.pick(['new', 'new', 'unknown'] as const),
      protocol: random.oneIn(7, 8) ? 'range' : 'roundrobin',
      instance: random.between(0, 1),
      version: random.between(5, 9),
    },
  ]
}

function staticRound(random: Stream): Step[] {
  const members = [0, 1]
  const joins = members.map(
    (each): Step => ({
      do: 'join',
      member: each,
      as: 'self',
      protocol: 'range',
      instance: each,
      version: random.between(5, 9),
    }),
  )
  const waits = members.map((each): Step => ({ do: 'await', member: each }))
  const syncs = members.map(
    (each): Step => ({ do: 'sync', member: each, generation: 'own', version: version(random, 'SyncGroup') }),
  )
  return [...joins, ...joins.slice(0, 1), ...waits, ...syncs, ...waits]
}

function expel(random: Stream): Step[] {
  return [{ do: 'leave', member: member(random), expelled: true, version: random.between(3, 5) }]
}

/** The one classic member of a script about migration. */
function classicRound(random: Stream): Step[] {
  const statically = random.oneIn(1, 2)
  return [
    { do: 'heartbeat', member: 0, generation: 'own', version: version(random, 'Heartbeat') },
    {
      do: 'join',
      member: 0,
      as: random.oneIn(1, 3) ? 'new' : 'self',
      protocol: 'range',
      ...(statically ? { instance: 0 } : {}),
      version: statically ? random.between(5, 9) : version(random, 'JoinGroup'),
    },
    { do: 'await', member: 0 },
    { do: 'sync', member: 0, generation: 'own', version: version(random, 'SyncGroup') },
    { do: 'await', member: 0 },
  ]
}

function awaitMember(random: Stream): Step[] {
  return [{ do: 'await', member: member(random) }]
}

function sync(random: Stream): Step[] {
  return [
    {
      do: 'sync',
      member: member(random),
      generation: generation(random),
      version: version(random, 'SyncGroup'),
    },
  ]
}

/** Some members become one stable generation, as far as the cluster lets them. */
function round(random: Stream): Step[] {
  const members = Array.from({ length: random.between(1, MEMBERS) }, (_, index) => index)
  const joins = members.map(
    (each): Step => ({
      do: 'join',
      member: each,
      as: 'self',
      protocol: 'range',
      version: version(random, 'JoinGroup'),
    }),
  )
  const waits = members.map((each): Step => ({ do: 'await', member: each }))
  const syncs = members.map(
    (each): Step => ({ do: 'sync', member: each, generation: 'own', version: version(random, 'SyncGroup') }),
  )
  // The first member is asked to join again by the joins of the others, and so stays the leader.
  const again = members.length > 1 ? joins.slice(0, -1) : []
  return [...joins, ...again, ...waits, ...syncs, ...waits]
}

function heartbeat(random: Stream): Step[] {
  return [
    {
      do: 'heartbeat',
      member: member(random),
      generation: generation(random),
      version: version(random, 'Heartbeat'),
    },
  ]
}

function leave(random: Stream): Step[] {
  return [{ do: 'leave', member: member(random), version: version(random, 'LeaveGroup') }]
}

function commit(random: Stream): Step[] {
  return [
    {
      do: 'commit',
      member: random.oneIn(1, 4) ? null : member(random),
      generation: generation(random),
      partition: partition(random),
      offset: random.between(0, 9),
      version: version(random, 'OffsetCommit'),
    },
  ]
}

function offsets(random: Stream): Step[] {
  const at = version(random, 'OffsetFetch')
  return [{ do: 'offsets', all: at >= 2 && random.oneIn(1, 3), version: at }]
}

function describe(random: Stream): Step[] {
  return [{ do: 'describe-group', version: version(random, 'DescribeGroups') }]
}

function deleteGroup(): Step[] {
  return [{ do: 'delete-group' }]
}

function begun(random: Stream, number: number): Step {
  return { do: 'begin', transaction: number, version: version(random, 'InitProducerId') }
}

function begin(random: Stream): Step[] {
  return [begun(random, transaction(random))]
}

function addPartition(random: Stream): Step[] {
  return [
    {
      do: 'add-partition',
      transaction: transaction(random),
      partition: partition(random),
      version: version(random, 'AddPartitionsToTxn'),
    },
  ]
}

function send(random: Stream): Step[] {
  return [
    {
      do: 'send',
      transaction: transaction(random),
      partition: partition(random),
      count: random.between(1, 2),
      version: version(random, 'Produce'),
    },
  ]
}

function sendOffsets(random: Stream): Step[] {
  const number = transaction(random)
  return [
    { do: 'add-offsets', transaction: number, version: version(random, 'AddOffsetsToTxn') },
    {
      do: 'send-offsets',
      transaction: number,
      member: random.oneIn(1, 2) ? null : member(random),
      generation: generation(random),
      partition: partition(random),
      offset: random.between(0, 9),
      version: version(random, 'TxnOffsetCommit'),
    },
  ]
}

function end(random: Stream): Step[] {
  return [
    {
      do: 'end',
      transaction: transaction(random),
      commit: random.oneIn(1, 2),
      version: version(random, 'EndTxn'),
    },
  ]
}

/** A transaction as a client does it. */
function whole(random: Stream): Step[] {
  const number = transaction(random)
  const to = partition(random)
  return [
    {
      do: 'add-partition',
      transaction: number,
      partition: to,
      version: version(random, 'AddPartitionsToTxn'),
    },
    { do: 'send', transaction: number, partition: to, count: 2, version: version(random, 'Produce') },
    ...(random.oneIn(1, 3) ? fetch(random) : []),
    ...(random.oneIn(1, 3) ? sendOffsets(random) : []),
    { do: 'end', transaction: number, commit: random.oneIn(2, 3), version: version(random, 'EndTxn') },
  ]
}
