import { subscribe } from 'node:diagnostics_channel'
import { type Announcement, INSTANCES } from '../../poll-loop/announce.ts'
import type { ClientAdapter, PortFinder } from '../client.interface.ts'
import { observerOf } from './observe.ts'

const NAME = 'onceover/poll-loop'

/**
 * The poll loop of this package, a consumer with the semantics of Java's. It announces its
 * consumers and producers on a diagnostics channel, and tells listeners what they do.
 *
 * Its handlers are the bodies of loops over what `poll` returned (`for (const record of records)`):
 * from the moment at which a record is taken to the moment at which the next one is asked for. A
 * loop that is left counts as a failure of the record in its hands. An app that handles several at
 * once, or copies them out of the loop, reports effects with `context.effects`.
 *
 * Nothing can be thrown into the body of such a loop, and nothing can make it wait: what a slow
 * handler takes longer is waited for in the next `poll`.
 */
export const pollLoopAdapter: ClientAdapter = {
  name: NAME,
  cannot: {
    'handler-call': `nothing can be thrown into a loop over the records of ${NAME}; use effect-error`,
  },
  // The defaults of Kafka 4.1; requests are sent again until `default.api.timeout.ms`.
  timings: {
    sessionTimeoutMs: 45_000,
    rebalanceTimeoutMs: 300_000,
    heartbeatIntervalMs: 3_000,
    requestTimeoutMs: 30_000,
    retriesMs: 60_000,
  },
  observe(_fromFile, portOf) {
    portOfCaller = portOf
    if (!listening) {
      listening = true
      subscribe(INSTANCES, (message) => observe(message as Announcement))
    }
    return VERSION
  },
  // It has no timers that only poll, and takes everything from Node when it needs it.
  simulate() {},
}

/** Of the Java client that it follows. */
const VERSION = '4.1'

let listening = false
let portOfCaller: PortFinder = () => undefined

function observe(announcement: Announcement): void {
  const port = portOfCaller()
  if (port === undefined) return
  port.uses(NAME)
  if (announcement.type !== 'consumer') return
  const { groupId, brokers } = announcement
  announcement.observe(
    observerOf(
      groupId,
      port.ofCluster(() => brokers),
    ),
  )
}
