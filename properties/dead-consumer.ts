import type { EventOf } from '../harness/core/history.ts'
import { property } from './checker.ts'
import { seen } from './finding.ts'

/**
 * The wish: a process that runs does its job.
 *
 * Why the simple rule is wrong: "the process is alive" is what every health check says of a service
 * whose consumer gave up hours ago. And "the consumer crashed" is no anomaly where the client
 * starts it again, or where the service exits and its supervisor starts it again.
 *
 * The rule: at the end, no process lives whose consumer has crashed for good (kafkajs: CRASH with
 * `restart: false`) or has stopped without anybody asking the process to end, and has not been
 * started again since. A process gets ten virtual seconds to react (all of the drain, if that ran
 * into its deadline), so that one that is about to exit is not accused.
 *
 * Blind spots: a consumer that is connected and will never poll again without having said so (a
 * handler that never returns): that is `stuck-partition`. An incarnation that has not started a
 * consumer at all. One without a group that stops before it has read all, where its last handler
 * did not fail and another consumer of its process lives: it looks like one that reads a topic
 * once.
 *
 * Source: kafkajs's documentation of CRASH; ours.
 */
export const deadConsumer = property({
  name: 'dead-consumer',
  when: 'end',
  open({ dead }) {
    return {
      on: {},
      finish: () =>
        dead.all().map((event) => seen('dead-consumer', sentence(event), { events: [event.seq] })),
    }
  },
})

function sentence(event: EventOf<'consumer-crashed'> | EventOf<'consumer-stopped'>): string {
  const why = event.kind === 'consumer-crashed' ? `crashed (${event.error})` : 'stopped'
  return `${event.process} is alive and consumes no more: its consumer ${why} and nothing started it again`
}
