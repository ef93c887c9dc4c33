import type { TopicPartition } from '../../core/history.ts'
import type { ClientPort } from '../client.interface.ts'
import type { KafkajsConsumer, PausedTopic } from './internals.ts'

export interface Calls {
  /** The partitions that the consumer has by now. */
  owns(partitions: readonly TopicPartition[]): void
  /** The consumer runs: what ends it from here on is worth telling. */
  runs(): void
  /** A payload with its own `pause`, which tells of itself as the consumer's does. */
  pausing<Payload extends { readonly pause?: () => () => void }>(
    payload: Payload,
    at: TopicPartition,
  ): Payload
}

/** Tells of what the app asks of its consumer: to pause and resume partitions, and to stop. */
export function observeCalls(consumer: KafkajsConsumer, group: string, port: ClientPort): Calls {
  const by = { process: port.process.name, incarnation: port.process.incarnation }
  let assigned: readonly TopicPartition[] = []
  let running = false

  const tell = (kind: 'consumer-paused' | 'consumer-resumed', partitions: readonly TopicPartition[]): void =>
    port.observe({ kind, group, partitions, ...by })
  /** A topic without partitions stands for all of them that the consumer has. */
  const meant = (topics: readonly PausedTopic[]): TopicPartition[] =>
    topics.flatMap(({ topic, partitions }) =>
      partitions === undefined
        ? assigned.filter((at) => at.topic === topic)
        : partitions.map((partition) => ({ topic, partition })),
    )

  const { pause, resume, stop, disconnect } = consumer
  const ending = (call: string): void => {
    if (running) port.observe({ kind: 'consumer-stopping', group, call, ...by })
    running = false
  }
  Object.assign(consumer, {
    pause(topics) {
      pause(topics)
      tell('consumer-paused', meant(topics))
    },
    resume(topics) {
      resume(topics)
      tell('consumer-resumed', meant(topics))
    },
    stop() {
      ending('stop')
      return stop()
    },
    disconnect() {
      ending('disconnect')
      return disconnect()
    },
  } satisfies Partial<KafkajsConsumer>)

  return {
    owns: (partitions) => {
      assigned = partitions
    },
    runs: () => {
      running = true
    },
    pausing(payload, at) {
      const { pause: pausePartition } = payload
      if (pausePartition === undefined) return payload
      return {
        ...payload,
        pause: () => {
          const resumePartition = pausePartition()
          tell('consumer-paused', [at])
          return () => {
            resumePartition()
            tell('consumer-resumed', [at])
          }
        },
      }
    },
  }
}
