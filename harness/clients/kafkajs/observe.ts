import { errorText } from '../../core/error-text.ts'
import type { RecordPosition, TopicPartition } from '../../core/history.ts'
import type { ClientPort } from '../client.interface.ts'
import { withRecords } from '../record-in-hand.ts'
import type {
  EachBatchPayload,
  EachMessagePayload,
  InstrumentationEvent,
  KafkajsConsumer,
  KafkajsMessage,
  RunConfig,
} from './internals.ts'
import { type Calls, observeCalls } from './observe-calls.ts'

/**
 * Makes one consumer observable by wrapping the functions that the user handed to it, and by its
 * own events.
 */
export function observeConsumer(consumer: KafkajsConsumer, group: string, port: ClientPort): void {
  const { name: process, incarnation } = port.process
  const by = { process, incarnation }
  const topics = new Set<string>()
  const patterns = new Set<string>()
  let stopped = false

  observeSubscriptions(consumer, { topics, patterns })
  const calls = observeCalls(consumer, group, port)
  const started = (): void => {
    const asked = patterns.size === 0 ? {} : { patterns: [...patterns] }
    port.observe({ kind: 'consumer-started', group, topics: [...topics], ...asked, ...by })
  }

  const { run, seek } = consumer
  Object.assign(consumer, {
    run(config = {}) {
      started()
      calls.runs()
      return run({ ...config, ...wrapHandlers(config, { group, port, calls }) })
    },
    seek(position) {
      port.observe({
        kind: 'seek',
        group,
        topic: position.topic,
        partition: position.partition,
        offset: BigInt(position.offset),
        ...by,
      })
      seek(position)
    },
  } satisfies Partial<KafkajsConsumer>)

  const listen = (event: string, listener: (payload: InstrumentationEvent['payload']) => void): void => {
    consumer.on(consumer.events[event] as string, ({ payload }) => {
      if (port.process.alive) listener(payload)
    })
  }
  listen('GROUP_JOIN', (payload) => {
    if (stopped) started()
    stopped = false
    const assignment = payload['memberAssignment'] as Record<string, readonly number[]>
    const partitions = assignedPartitions(assignment)
    calls.owns(partitions)
    calls.runs()
    port.believes(group, String(payload['memberId']), partitions)
  })
  listen('REBALANCING', () => port.observe({ kind: 'revoked', group, ...by }))
  listen('STOP', () => {
    stopped = true
    port.observe({ kind: 'consumer-stopped', group, ...by })
  })
  listen('CRASH', (payload) => {
    port.observe({
      kind: 'consumer-crashed',
      group,
      error: crashText(payload['error']),
      restarts: payload['restart'] === true,
      ...by,
    })
  })
}

/** Notes what the consumer subscribes to, topics by pattern included. */
function observeSubscriptions(
  consumer: KafkajsConsumer,
  { topics, patterns }: { readonly topics: Set<string>; readonly patterns: Set<string> },
): void {
  const original = consumer.subscribe
  const subscribe: KafkajsConsumer['subscribe'] = async (options) => {
    const found: string[] = []
    const watched = (topic: string | RegExp): string | RegExp =>
      topic instanceof RegExp ? matching(topic, found) : topic
    const { topic, topics: several } = options
    await original({
      ...options,
      ...(topic === undefined ? {} : { topic: watched(topic) }),
      ...(several === undefined ? {} : { topics: several.map(watched) }),
    })
    for (const each of several ?? [topic]) {
      if (each instanceof RegExp) patterns.add(each.source)
      else found.push(String(each))
    }
    for (const topic of found) topics.add(topic)
  }
  consumer.subscribe = subscribe
}

/**
 * A pattern that also notes the topics that it matches: kafkajs tries it once on each topic of the
 * cluster.
 */
function matching(pattern: RegExp, found: string[]): RegExp {
  const watched = new RegExp(pattern)
  watched.test = (topic) => {
    // On the user's own: with the flag `g` it remembers where the last match ended.
    const matches = pattern.test(topic)
    if (matches) found.push(topic)
    return matches
  }
  return watched
}

interface Consuming {
  readonly group: string
  readonly port: ClientPort
  readonly calls: Calls
}

function wrapHandlers(config: RunConfig, consuming: Consuming): RunConfig {
  const { eachMessage, eachBatch, eachBatchAutoResolve = true } = config
  return {
    ...(eachMessage ? { eachMessage: wrapEachMessage(eachMessage, consuming) } : {}),
    ...(eachBatch
      ? { eachBatch: wrapEachBatch(eachBatch, { ...consuming, resolvesItself: !eachBatchAutoResolve }) }
      : {}),
  }
}

function wrapEachMessage(
  handler: (payload: EachMessagePayload) => unknown,
  { group, port, calls }: Consuming,
): (payload: EachMessagePayload) => Promise<void> {
  return async (payload) => {
    const records = [positionOf(payload, payload.message)]
    await observed({ group, records, batch: false, port, undone: () => [] }, () =>
      handler(calls.pausing(payload, { topic: payload.topic, partition: payload.partition })),
    )
  }
}

function wrapEachBatch(
  handler: (payload: EachBatchPayload) => unknown,
  { group, port, calls, resolvesItself }: Consuming & { readonly resolvesItself: boolean },
): (payload: EachBatchPayload) => Promise<void> {
  return async (payload) => {
    const { batch } = payload
    const records = batch.messages.map((message) => positionOf(batch, message))
    // kafkajs goes on behind the last one that was resolved.
    let last = -1n
    const resolveOffset = (offset: string): void => {
      last = BigInt(offset)
      port.resolved(group, { topic: batch.topic, partition: batch.partition, offset: last })
      payload.resolveOffset(offset)
    }
    const undone = (): RecordPosition[] =>
      resolvesItself ? records.filter(({ offset }) => offset > last) : []
    await observed({ group, records, batch: true, port, undone }, () =>
      handler(
        calls.pausing({ ...payload, resolveOffset }, { topic: batch.topic, partition: batch.partition }),
      ),
    )
  }
}

interface HandlerInvocation {
  readonly group: string
  readonly records: readonly RecordPosition[]
  readonly batch: boolean
  readonly port: ClientPort
  /** Records that the handler has left for a later batch. */
  readonly undone: () => readonly RecordPosition[]
}

async function observed(invocation: HandlerInvocation, handler: () => unknown): Promise<void> {
  const { group, records, batch, port, undone } = invocation
  const plan = port.handlerStart(group, records, batch)
  try {
    if (plan.error !== null) throw plan.error
    if (plan.delayBeforeUs > 0) await port.sleep(plan.delayBeforeUs)
    await withRecords(port.named(records), handler)
    if (plan.delayAfterUs > 0) await port.sleep(plan.delayAfterUs)
  } catch (error) {
    port.handlerFailure(group, records, batch, error)
    throw error
  }
  port.handlerEnd(group, records, batch, undone())
}

function positionOf(batch: TopicPartition, message: KafkajsMessage): RecordPosition {
  return { topic: batch.topic, partition: batch.partition, offset: BigInt(message.offset) }
}

function assignedPartitions(assignment: Readonly<Record<string, readonly number[]>>): TopicPartition[] {
  return Object.entries(assignment).flatMap(([topic, partitions]) =>
    partitions.map((partition) => ({ topic, partition })),
  )
}

/** kafkajs writes what was thrown without being an error as `[object Object]`. */
function crashText(error: unknown): string {
  const text = errorText(error)
  const cause = error instanceof Error ? error.cause : undefined
  return cause === undefined ? text : text.replace('[object Object]', () => errorText(cause))
}
