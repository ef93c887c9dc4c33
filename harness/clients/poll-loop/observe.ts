import type { RecordPosition } from '../../core/history.ts'
import type { ConsumerObserver } from '../../poll-loop/announce.ts'
import type { ClientPort } from '../client.interface.ts'

/** Why a record in the hands of a loop that was left counts as failed. */
const LEFT = 'the loop over the records was left'

/** Reports what a consumer tells of itself. */
export function observerOf(group: string, port: ClientPort): ConsumerObserver {
  const by = { process: port.process.name, incarnation: port.process.incarnation }
  const topics = new Set<string>()
  /** Extra time of slow handlers that is still to be waited for. */
  let owedUs = 0
  const position = ({ topic, partition, offset }: RecordPosition): RecordPosition => ({
    topic,
    partition,
    offset,
  })
  return {
    subscribed(names) {
      for (const topic of names) topics.add(topic)
      port.observe({ kind: 'consumer-started', group, topics: [...topics], ...by })
    },
    owns(memberId, partitions, lost) {
      if (lost) port.observe({ kind: 'revoked', group, ...by })
      else port.believes(group, memberId, partitions)
    },
    sought: (at, offset) => port.observe({ kind: 'seek', group, ...at, offset, ...by }),
    paused: (partitions) => port.observe({ kind: 'consumer-paused', group, partitions, ...by }),
    resumed: (partitions) => port.observe({ kind: 'consumer-resumed', group, partitions, ...by }),
    closing: (call) => port.observe({ kind: 'consumer-stopping', group, call, ...by }),
    closed: () => port.observe({ kind: 'consumer-stopped', group, ...by }),
    beforePoll() {
      const durationUs = owedUs
      owedUs = 0
      return durationUs === 0 ? null : port.sleep(durationUs)
    },
    started(record) {
      const { delayBeforeUs, delayAfterUs } = port.handlerStart(group, [position(record)], false)
      owedUs += delayBeforeUs + delayAfterUs
    },
    ended: (record) => port.handlerEnd(group, [position(record)], false),
    left: (record) => port.handlerFailure(group, [position(record)], false, LEFT),
  }
}
