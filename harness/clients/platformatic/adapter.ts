import { subscribe } from 'node:diagnostics_channel'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { jsonValue } from '../../core/json.ts'
import type { ClientAdapter, ClientPort, PortFinder } from '../client.interface.ts'
import { bootstrapOf, type Creation, type PlatformaticConsumer } from './internals.ts'
import { observeConsumer } from './observe-consumer.ts'
import { observeStream } from './observe-stream.ts'
import { type PoolUser, workAtOnce } from './thread-pool.ts'

const NAME = '@platformatic/kafka'
/** The client tells of each consumer and each stream that it makes, when it is made. */
const INSTANCES = 'plt:kafka:instances'

/**
 * @platformatic/kafka, unmodified. It announces its consumers and streams on a diagnostics channel,
 * so that nothing of the library has to be loaded or wrapped: what it announces inside a simulated
 * process is observed from outside.
 *
 * Its consumer hands records over through a stream, and so has no handlers with a start and an end.
 * They are taken to be:
 * - `for await (const message of stream)`: from the moment at which a message is handed over to the
 *   moment at which the next one is asked for. A loop that is left (`break`, `return` and a body
 *   that throws all look the same to an iterator) counts as a failure of the message in its hands;
 *   report effects with `context.effects` to be exact.
 * - `stream.on('data', listener)`: from its call until the promise that it returned settles, if it
 *   did, else until it returns. A promise that rejects counts as unhandled, even where other
 *   code handles it.
 * - `stream.pipe(destination)` and `pipeline(stream, destination)`: from the destination's `_write`
 *   (a Transform's `_transform`) to its callback; what waits in its buffer is not in work yet. What
 *   a Transform hands on, and an older stream that has no `_write`, is done when it is written:
 *   report effects with `context.effects` at the end of the line. What is read with `stream.read()`
 *   or `consumer.fetch()` is not seen as handled: report effects.
 *
 * Nothing can be thrown into the body of a loop from outside, so that there are no handler errors;
 * effects can fail. A slow handler is a message that is handed to a loop late, or, in any form, a
 * slow effect.
 *
 * What it does in Node's thread pool is done at once instead (`thread-pool.ts`): the one thing that
 * is put into the library, and only once the app itself has loaded it.
 *
 * Its timers need no help: an idle connection has none, and a Fetch waits for 5 s at the broker.
 */
export const platformaticAdapter: ClientAdapter = {
  name: NAME,
  cannot: {
    'handler-call': `nothing can be thrown into a loop over a stream of ${NAME}; use effect-error`,
  },
  // `Consumer`'s and `Connection`'s defaults; three retries, 1 s apart. In a group of KIP-848 the
  // broker's hold instead.
  timings: {
    sessionTimeoutMs: 60_000,
    rebalanceTimeoutMs: 102_000,
    heartbeatIntervalMs: 3_000,
    requestTimeoutMs: 30_000,
    retriesMs: 3_000,
  },
  observe(fromFile, portOf) {
    const version = versionFor(fromFile)
    if (version !== null && !listening) {
      listening = true
      subscribe(INSTANCES, (message) => observe(message as Creation, portOf))
    }
    return version
  },
  simulate(fromFile) {
    if (versionFor(fromFile) !== null) users.add(fromFile)
  },
}

let listening = false
/**
 * Files from which the library will be loaded in a simulation: their copies of it are prepared once
 * they are there.
 */
const users = new Set<string>()
const prepared = new Set<object>()

function observe({ type, instance }: Creation, portOf: PortFinder): void {
  const port = portOf()
  if (port === undefined) return
  prepareCopies()
  port.uses(NAME)
  if (type === 'consumer') observeConsumer(instance, portOfCluster(instance, port))
  if (type === 'messages-stream') observeStream(instance, portOfCluster(instance.consumer, port))
}

function portOfCluster(consumer: PlatformaticConsumer, port: ClientPort): ClientPort {
  return port.ofCluster(() => bootstrapOf(consumer))
}

function prepareCopies(): void {
  for (const file of users) {
    users.delete(file)
    const library = createRequire(file)(NAME) as PoolUser
    if (prepared.has(library)) continue
    prepared.add(library)
    workAtOnce(library)
  }
}

/** The package exports no `package.json`: it is looked for above the file that it does export. */
function versionFor(fromFile: string): string | null {
  let folder: string
  try {
    folder = path.dirname(createRequire(fromFile).resolve(NAME))
  } catch {
    return null
  }
  for (;;) {
    const found = versionIn(path.join(folder, 'package.json'))
    if (found !== null) return found
    const above = path.dirname(folder)
    if (above === folder) return null
    folder = above
  }
}

function versionIn(packageFile: string): string | null {
  try {
    const { name, version } = jsonValue(readFileSync(packageFile, 'utf8')) as Record<string, string>
    return name === NAME ? (version ?? null) : null
  } catch {
    return null
  }
}
