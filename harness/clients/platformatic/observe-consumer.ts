import type { ClientPort } from '../client.interface.ts'
import type { PlatformaticConsumer, TopicAssignment } from './internals.ts'

/**
 * Makes a consumer's subscriptions, assignments and end observable, whatever the protocol of its
 * group.
 */
export function observeConsumer(consumer: PlatformaticConsumer, port: ClientPort): void {
  const { groupId: group } = consumer
  const by = { process: port.process.name, incarnation: port.process.incarnation }
  const topics = new Set<string>()

  const { consume } = consumer
  consumer.consume = function (options, callback) {
    for (const topic of options.topics) topics.add(topic)
    port.observe({ kind: 'consumer-started', group, topics: [...topics], ...by })
    return consume.call(this, options, callback)
  }

  // Only the classic protocol has an event for a new assignment; both put it into this property.
  let { assignments } = consumer
  Object.defineProperty(consumer, 'assignments', {
    configurable: true,
    enumerable: true,
    get: () => assignments,
    set(value: readonly TopicAssignment[] | null) {
      assignments = value
      if (value === null) return
      const partitions = value.flatMap(({ topic, partitions: numbers }) =>
        numbers.map((partition) => ({ topic, partition })),
      )
      port.believes(group, consumer.memberId ?? '', partitions)
    },
  })
  // The client itself pauses, resumes and closes streams: only `close` here is the app's alone.
  const { close } = consumer
  consumer.close = function (...options) {
    port.observe({ kind: 'consumer-stopping', group, call: 'close', ...by })
    return close.apply(this, [...options])
  }

  consumer.on('consumer:group:rebalance', () => port.observe({ kind: 'revoked', group, ...by }))
  consumer.on('consumer:group:leave', () => port.observe({ kind: 'consumer-stopped', group, ...by }))
}
