import {
  Consumer,
  type ConsumerOptions,
  MessagesStreamFallbackModes,
  MessagesStreamModes,
} from '@platformatic/kafka'
import { atLeastOnce } from '../../../properties/index.ts'
import type { AppContext, Scenario } from '../../core/scenario.ts'
import type { PreparedScenario } from '../../run/run.interface.ts'
import { prepareScenario } from '../prepare.ts'
import { FAULTS } from './schedules.ts'

export type GroupProtocol = 'classic' | 'consumer'
type ConsumeStream = Awaited<ReturnType<Consumer['consume']>>

/**
 * A process on @platformatic/kafka that commits by hand; `work` is what it does with its stream.
 */
export function streamApp(
  work: (stream: ConsumeStream, context: AppContext) => unknown,
  groupProtocol: GroupProtocol = 'classic',
  options: Partial<ConsumerOptions<Buffer, Buffer, Buffer, Buffer>> = {},
): (context: AppContext) => Promise<void> {
  return async (context) => {
    const consumer = new Consumer({
      clientId: context.instance,
      groupId: 'work-group',
      bootstrapBrokers: [...context.brokers],
      autocommit: false,
      groupProtocol,
      ...options,
    })
    process.once('SIGTERM', () => {
      consumer.close(true).then(
        () => process.exit(0),
        () => process.exit(1),
      )
    })
    const stream = await consumer.consume({
      topics: ['work'],
      mode: MessagesStreamModes.COMMITTED,
      fallbackMode: MessagesStreamFallbackModes.EARLIEST,
    })
    stream.once('close', () => process.exit(1))
    await work(stream, context)
  }
}

/** Reports each effect and waits for it, then commits. */
export async function processThenCommit(stream: ConsumeStream, { effects }: AppContext): Promise<void> {
  for await (const message of stream) {
    await effects.record(message)
    await message.commit()
  }
}

export async function commitThenProcess(stream: ConsumeStream, { effects }: AppContext): Promise<void> {
  for await (const message of stream) {
    await message.commit()
    await effects.record(message)
  }
}

export function prepareStreams(
  app: (context: AppContext) => Promise<void>,
  more: Partial<Scenario> = {},
): Promise<PreparedScenario> {
  const scenario = {
    name: 'work of streams',
    topics: { work: { partitions: 2 } },
    records: { work: 8 },
    consumers: 2,
    app,
    guarantee: atLeastOnce(),
    ...more,
  }
  return prepareScenario(scenario, { file: import.meta.filename })
}

/** The hash of each schedule's history, in a group of each protocol. */
export async function streamHashes(): Promise<string[]> {
  const found: string[] = []
  for (const group of ['classic', 'consumer'] as const) {
    const prepared = await prepareStreams(streamApp(processThenCommit, group))
    const workload = prepared.workload('hashes')
    for (const faults of FAULTS) {
      found.push((await prepared.run({ seed: 'hashes', workload, faults, holds: [] })).historyHash())
    }
  }
  return found
}
