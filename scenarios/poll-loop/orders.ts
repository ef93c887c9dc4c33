import { type AppContext, atLeastOnce, defineScenario, type Guarantee, type Scenario } from 'onceover'
import type {
  Consumer,
  ConsumerRecord,
  ConsumerRecords,
  ConsumerSettings,
  RebalanceListener,
} from 'onceover/poll-loop'
import { startPollLoop } from './service.ts'

export interface OrdersOptions {
  readonly partitions?: number
  readonly records?: NonNullable<Scenario['records']>[string]
  readonly consumers?: number
  readonly guarantee?: Guarantee
  readonly faults?: Scenario['faults']
  readonly broker?: Scenario['broker']
  readonly settings?: ConsumerSettings
  readonly topics?: readonly string[]
  /** The loop's body; default: does each record, then commits. */
  readonly handle?: (records: ConsumerRecords, consumer: Consumer, context: AppContext) => unknown
  readonly listener?: (consumer: Consumer, context: AppContext) => RebalanceListener
  readonly atEnd?: (consumer: Consumer, context: AppContext) => unknown
  /** The work of the last process, where that is no consumer: an operator, a producer. */
  readonly beside?: (context: AppContext) => unknown
  /** Topics that the service writes, and topics with settings of their own. */
  readonly otherTopics?: Scenario['topics']
  readonly otherRecords?: Scenario['records']
  readonly brokers?: number
  readonly identity?: NonNullable<Scenario['identity']>
}

/** A service that saves orders, and what is special about it. */
export function ordersScenario(name: string, options: OrdersOptions = {}): Scenario {
  const { handle = doThenCommit, listener, atEnd, settings = {}, topics = ['orders'] } = options
  const { beside, brokers, broker, identity, consumers = 1 } = options
  const serves = (context: AppContext): unknown =>
    startPollLoop(context, {
      group: 'orders',
      topics,
      settings,
      handle: (records, consumer) => handle(records, consumer, context),
      ...(listener === undefined ? {} : { listener: (consumer) => listener(consumer, context) }),
      ...(atEnd === undefined ? {} : { atEnd: (consumer) => atEnd(consumer, context) }),
    })
  return defineScenario({
    name,
    topics: { orders: { partitions: options.partitions ?? 1 }, ...options.otherTopics },
    records: { orders: options.records ?? 10, ...options.otherRecords },
    consumers: beside === undefined ? consumers : consumers + 1,
    guarantee: options.guarantee ?? atLeastOnce(),
    effects: 'reported',
    faults: options.faults ?? ['crash', 'pause', 'rebalance', 'network', 'broker', 'store'],
    ...(broker === undefined ? {} : { broker }),
    ...(brokers === undefined ? {} : { brokers }),
    ...(identity === undefined ? {} : { identity }),
    app: (context) =>
      beside !== undefined && context.instance === `consumer-${consumers}`
        ? beside(context)
        : serves(context),
  })
}

export function save(context: AppContext, record: ConsumerRecord): Promise<void> {
  return context.effects.record(record, 'saved')
}

async function doThenCommit(
  records: ConsumerRecords,
  consumer: Consumer,
  context: AppContext,
): Promise<void> {
  for (const record of records) await save(context, record)
  if (!records.isEmpty) await consumer.commitSync()
}

/** The record's next offset, to be committed. */
export function nextOf({ topic, partition, offset }: ConsumerRecord) {
  return [{ topic, partition, offset: offset + 1n }]
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
