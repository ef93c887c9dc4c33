import { entryAt } from '../../core/lists.ts'
import type { Stream } from '../../core/seed.ts'
import type { ServeFault } from '../../serve/index.ts'

/** One step of a script, on a topic of the script's own. */
export type ScriptStep =
  | {
      readonly do: 'call'
      readonly consumer: string
      readonly operation: string
      readonly args: readonly string[]
    }
  /** Polls until nothing comes any longer, or until a poll throws. */
  | { readonly do: 'drain'; readonly consumer: string }
  /** Polls all of them in turn until every partition has one owner for a while. */
  | { readonly do: 'settle'; readonly consumers: readonly string[] }
  | { readonly do: 'append'; readonly partition: number; readonly count: number }
  | { readonly do: 'delete-records'; readonly partition: number; readonly before: number }
  | { readonly do: 'sleep'; readonly ms: number }
  | { readonly do: 'fault'; readonly fault: ServeFault }

export interface ConsumerScript {
  readonly family: string
  readonly partitions: number
  readonly steps: readonly ScriptStep[]
}

const FAMILIES = [
  { family: 'assigned by hand', make: byHand },
  { family: 'one member', make: oneMember },
  { family: 'two members', make: twoMembers },
  { family: 'late polls', make: latePolls },
  { family: 'refused requests', make: refusedRequests },
] as const

/** A script out of chance: calls of one or two consumers, and disturbances. */
export function drawScript(random: Stream, index: number): ConsumerScript {
  const { family, make } = entryAt<(typeof FAMILIES)[number]>(FAMILIES, index % FAMILIES.length)
  const partitions = random.between(1, 3)
  const fill = Array.from({ length: partitions }, (_, partition) => append(partition, random.between(0, 7)))
  return { family, partitions, steps: [...fill, ...make(random, partitions)] }
}

function call(consumer: string, operation: string, ...args: readonly (string | number)[]): ScriptStep {
  return { do: 'call', consumer, operation, args: args.map(String) }
}

function append(partition: number, count: number): ScriptStep {
  return { do: 'append', partition, count }
}

function drain(consumer: string): ScriptStep {
  return { do: 'drain', consumer }
}

function fresh(consumer: string, ...settings: readonly string[]): ScriptStep {
  return call(
    consumer,
    'new',
    `client.id=${consumer}`,
    'heartbeat.interval.ms=100',
    'fetch.max.wait.ms=100',
    ...settings,
  )
}

const RESETS = ['earliest', 'earliest', 'latest', 'none'] as const

function common(random: Stream): string[] {
  return [
    `auto.offset.reset=${random.pick(RESETS)}`,
    `enable.auto.commit=${random.oneIn(1, 4)}`,
    `max.poll.records=${random.pick([1, 3, 500])}`,
    `isolation.level=${random.pick(['read_committed', 'read_uncommitted'])}`,
  ]
}

/** Calls that do not change the group. */
function anyCalls(random: Stream, partitions: number, count: number): ScriptStep[] {
  const anywhere = (): number => random.between(0, partitions)
  const there = (): number => random.between(0, partitions - 1)
  const calls: readonly (() => readonly ScriptStep[])[] = [
    () => [drain('a')],
    () => [drain('a')],
    () => [append(there(), random.between(1, 4)), drain('a')],
    () => [call('a', 'commitSync')],
    () => [call('a', 'commitSync', `${there()}=${random.between(0, 9)}`)],
    () => [call('a', 'commitAsync'), drain('a')],
    () => [call('a', 'seek', anywhere(), random.between(0, 9)), drain('a')],
    () => [call('a', 'seek', there(), random.between(0, 4)), call('a', 'position', there()), drain('a')],
    () => [call('a', 'seekToBeginning', there()), drain('a')],
    () => [call('a', 'seekToEnd', there()), call('a', 'position', there())],
    () => [call('a', 'position', anywhere())],
    () => [call('a', 'committed', there())],
    () => [call('a', 'pause', anywhere()), call('a', 'paused'), drain('a')],
    () => [call('a', 'resume', anywhere()), call('a', 'paused'), drain('a')],
    () => [call('a', 'beginningOffsets', there()), call('a', 'endOffsets', there())],
    () => [call('a', 'offsetsForTimes', there(), random.pick([0, 4_000_000_000_000]))],
    () => [drain('a'), call('a', 'lag', anywhere())],
    () => [call('a', 'assignment'), call('a', 'member')],
    () => [call('a', 'wakeup'), drain('a'), drain('a')],
    () => [
      { do: 'delete-records', partition: there(), before: random.between(0, 4) },
      call('a', 'seek', there(), 0),
      drain('a'),
    ],
  ]
  return Array.from({ length: count }, () => random.pick(calls)()).flat()
}

function byHand(random: Stream, partitions: number): ScriptStep[] {
  const group = random.oneIn(1, 4) ? [] : ['group.id=g']
  const settings = common(random).filter((each) => group.length > 0 || !each.startsWith('enable.auto'))
  const all = Array.from({ length: partitions }, (_, partition) => partition)
  return [
    fresh('a', ...group, ...settings),
    ...(random.oneIn(1, 6) ? [call('a', 'poll', 100)] : []),
    call('a', 'assign', ...all.slice(0, random.between(1, partitions))),
    ...anyCalls(random, partitions, random.between(3, 7)),
    call('a', 'close'),
    ...(random.oneIn(1, 5) ? [call('a', 'poll', 100)] : []),
  ]
}

function oneMember(random: Stream, partitions: number): ScriptStep[] {
  const again = ['group.id=g', 'auto.offset.reset=earliest', 'enable.auto.commit=false']
  return [
    fresh('a', 'group.id=g', ...common(random)),
    ...(random.oneIn(1, 6) ? [call('a', 'commitSync', '0=1')] : []),
    call('a', 'subscribe'),
    ...(random.oneIn(1, 6) ? [call('a', 'assign', 0)] : []),
    drain('a'),
    ...anyCalls(random, partitions, random.between(3, 6)),
    ...(random.oneIn(1, 3)
      ? [call('a', 'unsubscribe'), call('a', 'assignment'), call('a', 'member'), call('a', 'poll', 100)]
      : []),
    call('a', 'close'),
    fresh('b', ...again),
    call('b', 'subscribe'),
    drain('b'),
    call('b', 'close'),
  ]
}

const ASSIGNORS = ['RangeAssignor', 'RoundRobinAssignor', 'CooperativeStickyAssignor'] as const
/** Java wants whole class names. */
const PACKAGE = 'org.apache.kafka.clients.consumer'

function twoMembers(random: Stream, partitions: number): ScriptStep[] {
  const assignor = random.pick(ASSIGNORS)
  const named = (name: string): string[] => (random.oneIn(1, 4) ? [`group.instance.id=${name}`] : [])
  const settings = [
    'group.id=g',
    'auto.offset.reset=earliest',
    `enable.auto.commit=${random.oneIn(1, 2)}`,
    `partition.assignment.strategy=${PACKAGE}.${assignor}`,
  ]
  const work: readonly (() => readonly ScriptStep[])[] = [
    () => [append(random.between(0, partitions - 1), 3), { do: 'settle', consumers: ['a', 'b'] }],
    () => [call('a', 'commitSync'), call('b', 'commitSync')],
    () => [call('a', 'commitAsync'), { do: 'settle', consumers: ['a', 'b'] }],
    () => [call('a', 'member'), call('b', 'member')],
  ]
  return [
    fresh('a', ...settings, ...named('one')),
    call('a', 'subscribe'),
    { do: 'settle', consumers: ['a'] },
    ...(random.oneIn(1, 2) ? [call('a', 'commitSync')] : []),
    fresh('b', ...settings, ...named('two')),
    call('b', 'subscribe'),
    { do: 'settle', consumers: ['a', 'b'] },
    ...random.pick(work)(),
    ...random.pick(work)(),
    call('a', random.pick(['close', 'unsubscribe'])),
    { do: 'settle', consumers: ['b'] },
    call('b', 'close'),
  ]
}

function latePolls(random: Stream, partitions: number): ScriptStep[] {
  const settings = [
    'group.id=g',
    'auto.offset.reset=earliest',
    `enable.auto.commit=${random.oneIn(1, 2)}`,
    // Long enough for a busy machine, which must not make a poll late that is not.
    'max.poll.interval.ms=3000',
    `partition.assignment.strategy=${PACKAGE}.${random.pick(ASSIGNORS)}`,
  ]
  return [
    fresh('a', ...settings),
    call('a', 'subscribe'),
    drain('a'),
    ...(random.oneIn(1, 2) ? [call('a', 'commitSync')] : []),
    append(0, 2),
    { do: 'sleep', ms: 4_500 },
    call('a', 'member'),
    ...(random.oneIn(1, 2) ? [call('a', 'commitSync')] : []),
    ...(random.oneIn(1, 3) ? [call('a', 'commitAsync')] : []),
    drain('a'),
    call('a', 'committed', random.between(0, partitions - 1)),
    call('a', 'close'),
  ]
}

const REFUSALS: readonly ServeFault[] = [
  { request: 'OffsetCommit', kind: 'error', error: 'COORDINATOR_LOAD_IN_PROGRESS' },
  { request: 'OffsetCommit', kind: 'error', error: 'NOT_COORDINATOR' },
  { request: 'OffsetCommit', kind: 'error', error: 'ILLEGAL_GENERATION' },
  { request: 'OffsetCommit', kind: 'error', error: 'UNKNOWN_MEMBER_ID' },
  { request: 'OffsetCommit', kind: 'error', error: 'REBALANCE_IN_PROGRESS' },
  { request: 'OffsetCommit', kind: 'error', error: 'OFFSET_METADATA_TOO_LARGE' },
  { request: 'OffsetCommit', kind: 'disconnect-before' },
  { request: 'OffsetCommit', kind: 'disconnect-after' },
  { request: 'Heartbeat', kind: 'error', error: 'ILLEGAL_GENERATION' },
  { request: 'Heartbeat', kind: 'error', error: 'UNKNOWN_MEMBER_ID' },
  { request: 'Heartbeat', kind: 'error', error: 'REBALANCE_IN_PROGRESS' },
  { request: 'Heartbeat', kind: 'error', error: 'NOT_COORDINATOR' },
  { request: 'Heartbeat', kind: 'disconnect-before' },
  { request: 'Fetch', kind: 'error', error: 'NOT_LEADER_OR_FOLLOWER' },
  { request: 'Fetch', kind: 'disconnect-before' },
  { request: 'ListOffsets', kind: 'error', error: 'LEADER_NOT_AVAILABLE' },
  { request: 'OffsetFetch', kind: 'error', error: 'COORDINATOR_LOAD_IN_PROGRESS' },
]

function refusedRequests(random: Stream, partitions: number): ScriptStep[] {
  const commit = random.pick([call('a', 'commitSync'), call('a', 'commitAsync')])
  return [
    fresh('a', 'group.id=g', 'auto.offset.reset=earliest', 'enable.auto.commit=false'),
    call('a', 'subscribe'),
    drain('a'),
    { do: 'fault', fault: random.pick(REFUSALS) },
    append(random.between(0, partitions - 1), 2),
    ...(random.oneIn(1, 2) ? [{ do: 'sleep', ms: 400 } as const] : []),
    ...(random.oneIn(1, 2) ? [drain('a')] : []),
    commit,
    drain('a'),
    call('a', 'commitSync'),
    call('a', 'committed', 0),
    ...anyCalls(random, partitions, random.between(0, 2)),
    call('a', 'close'),
  ]
}
