import { createRequire } from 'node:module'
import path from 'node:path'
import { keysOf } from '../../core/lists.ts'
import { currentProcess } from '../../sim/ambient/current.ts'
import { dropFramesOf } from '../../sim/ambient/stacks.ts'
import type { ClientAdapter, ClientPort, PortFinder } from '../client.interface.ts'
import type {
  ConnectionClass,
  KafkajsClass,
  KafkajsConsumer,
  KafkajsProtocol,
  RequestQueueClass,
  RetryDefaults,
} from './internals.ts'
import { observeConsumer } from './observe.ts'
import { releaseWithRun } from './release.ts'
import { quietIdleTimers } from './timers.ts'

/**
 * kafkajs, unmodified. The functions that a user hands to a consumer are wrapped, so that their
 * starts and ends are seen. The rest acts only inside a simulated process:
 * - two timers of each connection's request queue, which only look whether there is something to
 *   do, are dispatched when there is (see timers.ts);
 * - the retry defaults are those of production, also where NODE_ENV=test made kafkajs load its own
 *   test values;
 * - its errors have no frames, since it makes many that nobody reads;
 * - what would keep a run in memory after its end is let go with it (see release.ts);
 * - the lazily required protocol modules are loaded once, before the first run.
 */
export const kafkajsAdapter: ClientAdapter = {
  name: 'kafkajs',
  cannot: {},
  // `consumer()`'s and `new Kafka()`'s defaults; five retries after 0.3, 0.6, 1.2, 2.4 and 4.8 s.
  timings: {
    sessionTimeoutMs: 30_000,
    rebalanceTimeoutMs: 60_000,
    heartbeatIntervalMs: 3_000,
    requestTimeoutMs: 30_000,
    retriesMs: 9_300,
  },
  observe(fromFile, portOf) {
    const copy = copyFor(fromFile)
    if (copy === null) return null
    const { require, root } = copy
    if (!observed.has(root)) observeConsumers(require(root) as { Kafka: KafkajsClass }, portOf)
    observed.add(root)
    return copy.version
  },
  simulate(fromFile) {
    const copy = copyFor(fromFile)
    if (copy === null || simulated.has(copy.root)) return
    const { require, root } = copy
    simulated.add(root)
    quietIdleTimers(require(path.join(root, 'src/network/requestQueue')) as RequestQueueClass)
    const connections: ConnectionClass = require(path.join(root, 'src/network/connection'))
    releaseWithRun(connections)
    useProductionRetries(require, root)
    dropFramesOf((require(root) as { KafkaJSError: new () => Error }).KafkaJSError)
    loadProtocol(require(path.join(root, 'src/protocol/requests')) as KafkajsProtocol)
  },
}

/** Folders of copies that are prepared. */
const observed = new Set<string>()
const simulated = new Set<string>()

interface LibraryCopy {
  readonly require: NodeJS.Require
  readonly root: string
  readonly version: string
}

/** The copy that code in this file gets, or null. */
function copyFor(fromFile: string): LibraryCopy | null {
  const require = createRequire(fromFile)
  let packageFile: string
  try {
    packageFile = require.resolve('kafkajs/package.json')
  } catch {
    return null
  }
  const { version } = require(packageFile) as { version: string }
  return { require, root: path.dirname(packageFile), version }
}

function observeConsumers({ Kafka }: { Kafka: KafkajsClass }, portOf: PortFinder): void {
  const { prototype } = Kafka
  const original = prototype.consumer
  prototype.consumer = function consumer(options) {
    const made = original.call(this, options)
    const port = portOf()
    if (port !== undefined) {
      port.uses(kafkajsAdapter.name)
      observeConsumer(made, options.groupId, portOfCluster(made, port))
    }
    return made
  }
}

/** A consumer's own requests tell where it is connected, before it consumes anything. */
function portOfCluster(consumer: KafkajsConsumer, port: ClientPort): ClientPort {
  if (!port.severalClusters) return port
  let broker: string | null = null
  consumer.on(consumer.events['REQUEST'] ?? 'consumer.network.request', ({ payload }) => {
    broker ??= String(payload['broker'])
  })
  return port.ofCluster(() => (broker === null ? [] : [broker]))
}

/**
 * kafkajs picks its defaults when it is loaded; the object it picked under NODE_ENV=test is made to
 * answer with production values inside a simulation and with its own outside.
 */
function useProductionRetries(require: NodeJS.Require, root: string): void {
  const production = require(path.join(root, 'src/retry/defaults')) as RetryDefaults
  const test = require(path.join(root, 'src/retry/defaults.test')) as RetryDefaults
  const own = { ...test }
  for (const name of keysOf(production)) {
    Object.defineProperty(test, name, {
      configurable: true,
      enumerable: true,
      get: () => (currentProcess() === undefined ? own[name] : production[name]),
    })
  }
}

/**
 * Each definition requires the modules of a version when it is asked for it. It is asked here,
 * because a module that somebody else required first is looked up on the disk again at each use:
 * Node remembers where a relative path leads only for the module that loaded it. For the highest
 * version, which brokers of today have.
 */
function loadProtocol({ requests }: KafkajsProtocol): void {
  for (const { versions, protocol } of Object.values(requests)) {
    const version = versions.at(-1)
    if (version !== undefined) protocol({ version })({})
  }
}
