import { createStream } from '../../core/seed.ts'
import { APIS, type Session } from '../../kafka/index.ts'
import { createWorld, type ProbeWorld } from '../../kafka/probe/index.ts'
import { corpus } from './corpus.ts'
import { mutated } from './mutate.ts'

/** ACLs count where there are some, and mutated frames make them. */
const SETTINGS = {
  'group.initial.rebalance.delay.ms': 0,
  'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'allow.everyone.if.no.acl.found': true,
}

export interface FuzzReport {
  readonly frames: number
  readonly answered: number
  /** Connections that the broker closed, as Kafka does when it cannot read a request. */
  readonly closed: number
  /** Frames that were cut short: the broker waits for the rest. */
  readonly incomplete: number
  /** Produce with acks 0 is not answered. */
  readonly silent: number
  /** Requests that wait by right, by their names: long polls and groups that gather. */
  readonly parked: Readonly<Record<string, number>>
  /** Failures: requests that got neither an answer nor an end, and exceptions. Empty. */
  readonly failures: readonly string[]
  /** Most memory that one cluster took, heap and buffers, in MB. */
  readonly clusterMbMax: number
}

/**
 * A cluster's groups and offsets may grow by what clients ask for; so each gets this many frames.
 */
const FRAMES_PER_CLUSTER = 10_000
/**
 * Long enough for every wait that is not asked for by a client's own timeout, and short of an idle
 * connection's end.
 */
const WAIT_MS = 120_000
const FAILURES_MAX = 20
const MAY_PARK = new Set(['JoinGroup', 'SyncGroup', 'Fetch', 'Produce', 'ConsumerGroupHeartbeat'])
const NAMES = new Map(Object.entries(APIS).map(([name, { key }]) => [key, name]))

/**
 * Sends mutated frames to brokers: each must be answered, or its connection closed; nothing may
 * throw.
 */
export function fuzz({ frames, seed }: { readonly frames: number; readonly seed: string }): FuzzReport {
  const random = createStream(seed)
  const specimens = corpus(random.bits32())
  const failures: string[] = []
  const parked: Record<string, number> = {}
  const counts = { answered: 0, closed: 0, incomplete: 0, silent: 0 }
  let [done, clusterMbMax] = [0, 0]
  while (done < frames && failures.length < FAILURES_MAX) {
    const world = fuzzedWorld()
    const before = memoryMb()
    const until = Math.min(frames, done + FRAMES_PER_CLUSTER)
    for (; done < until && failures.length < FAILURES_MAX; done += 1) {
      const frame = mutated(random, specimens)
      const outcome = send(world, frame, random.oneIn(1, 8) ? random.between(1, 40) : frame.length)
      if (outcome.kind === 'failed')
        failures.push(`frame ${done}: ${outcome.what}: ${frame.toString('hex').slice(0, 400)}`)
      else if (outcome.kind === 'parked') parked[outcome.api] = (parked[outcome.api] ?? 0) + 1
      else counts[outcome.kind] += 1
    }
    clusterMbMax = Math.max(clusterMbMax, memoryMb() - before)
    world.cluster.dispose()
  }
  return { frames: done, ...counts, parked, failures, clusterMbMax: Math.round(clusterMbMax) }
}

function fuzzedWorld(): ProbeWorld {
  const world = createWorld({ brokers: 2, settings: SETTINGS })
  for (const name of ['known', 'other']) world.cluster.admin.createTopic(name, { partitions: 2 })
  return world
}

type FuzzOutcome =
  | { readonly kind: keyof Pick<FuzzReport, 'answered' | 'closed' | 'incomplete' | 'silent'> }
  | { readonly kind: 'parked'; readonly api: string }
  | { readonly kind: 'failed'; readonly what: string }

/** One frame on a connection of its own, in pieces of this size; then virtual time goes by. */
function send({ cluster, clock }: ProbeWorld, frame: Buffer, pieceBytes: number): FuzzOutcome {
  let [answers, ended] = [0, false]
  let session: Session | null = null
  try {
    session = cluster.connect(
      0,
      { process: 'fuzz', incarnation: 1 },
      {
        send() {
          answers += 1
        },
        close() {
          ended = true
        },
        reset() {
          ended = true
        },
      },
    )
    for (let at = 0; at < frame.length; at += pieceBytes)
      session.receive(frame.subarray(at, Math.min(frame.length, at + pieceBytes)))
    const complete = frame.length >= 8 && frame.readInt32BE(0) <= frame.length - 4
    if (answers === 0 && !ended && !complete) return { kind: 'incomplete' }
    if (answers === 0 && !ended) clock.advance(WAIT_MS)
    if (answers > 0) return { kind: 'answered' }
    if (ended) return { kind: 'closed' }
    const api = NAMES.get(frame.readInt16BE(4)) ?? 'unknown'
    if (api === 'Produce') return { kind: 'silent' }
    return MAY_PARK.has(api)
      ? { kind: 'parked', api }
      : { kind: 'failed', what: `${api} was neither answered nor closed` }
  } catch (error) {
    return { kind: 'failed', what: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  } finally {
    try {
      session?.closed()
    } catch {
      // It was told of already, where the frame itself threw.
    }
  }
}

function memoryMb(): number {
  const { heapUsed, external, arrayBuffers } = process.memoryUsage()
  return (heapUsed + external + arrayBuffers) / 1e6
}
