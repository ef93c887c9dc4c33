import { UsageError } from '../../core/errors.ts'
import { TOXIPROXY_VERSION, toxiproxyBinary, toxiproxyHere } from '../../fidelity/artifacts/toxiproxy.ts'
import { accepts } from '../../fidelity/differential/ports.ts'
import { BrokerConnection, BrokerGone } from '../cluster/connection.ts'
import type { Address } from '../gate/exchange.ts'
import { ToxiproxyServer } from '../toxiproxy/server.ts'
import type { Need, Provider, RealKafka, WantedCluster } from './provider.interface.ts'
import { runs } from './runs.ts'

const WATCH_MS = 1_000

const CANNOT: Readonly<Record<Need, string>> = {
  'kill-broker': 'brokers of a cluster that is not ours are not killed',
  settings: 'a cluster that is not ours has settings of its own',
  acls: 'a cluster that is not ours has permissions of its own',
  'controller-link': 'there is no way between a broker and its controller',
}

/**
 * A cluster that is there already, with a plain-text listener. A replay touches nothing in it
 * that it did not make.
 */
export function brokersProvider(list: string): Provider {
  return {
    name: 'brokers',
    several: false,
    async missing() {
      if ((await toxiproxyHere()) !== null || (await runs('go', ['version']))) return null
      return 'there is no toxiproxy-server on the PATH, and no Go to build it with; type go install github.com/Shopify/toxiproxy/v2/cmd/server@v2.12.0 and name the binary in ONCEOVER_TOXIPROXY'
    },
    cannot: (need) => CANNOT[need],
    async start(wanted) {
      const given = list.split(',').map(addressOf)
      const brokers = await brokersBehind(given)
      if (brokers.size < wanted.brokers)
        throw new UsageError(
          'missing-provider',
          `the schedule has ${wanted.brokers} brokers and this cluster ${brokers.size}; type --provider local, or name a larger cluster`,
        )
      return connected(brokers, wanted)
    },
  }
}

async function connected(
  brokers: ReadonlyMap<number, Address>,
  { onFailure, signal }: WantedCluster,
): Promise<RealKafka> {
  const toxiproxy = await ToxiproxyServer.start(await toxiproxyBinary(), { signal, onEnd: onFailure })
  const watches = [...brokers.values()].map((address) => new Watch(address, onFailure))
  return {
    title: 'the Kafka that was named',
    isOurs: false,
    how: `${[...brokers.values()].map(({ host, port }) => `${host}:${port}`).join(', ')}, Toxiproxy ${TOXIPROXY_VERSION}`,
    brokers,
    toxiproxy: toxiproxy.access,
    async stop() {
      for (const watch of watches) watch.stop()
      await toxiproxy.stop()
    },
  }
}

/** Looks whether a broker that is not ours still listens. */
class Watch {
  readonly #timer: NodeJS.Timeout

  constructor({ host, port }: Address, onFailure: (why: string) => void) {
    this.#timer = setInterval(() => {
      void accepts(`${host}:${port}`).then((there) => {
        if (!there) onFailure(`no broker listens at ${host}:${port} any more`)
      })
    }, WATCH_MS)
    this.#timer.unref()
  }

  stop(): void {
    clearInterval(this.#timer)
  }
}

function addressOf(text: string): Address {
  const [, host = '', port = ''] = /^(.+):(\d+)$/.exec(text.trim()) ?? []
  if (host !== '') return { host, port: Number(port) }
  throw new UsageError(
    'unknown-option',
    `--provider brokers= takes addresses such as brokers=127.0.0.1:9092, not '${text}'`,
  )
}

/**
 * Brokers by node id: under the addresses that were given, where those are theirs or the only
 * one, else as advertised.
 */
async function brokersBehind(given: readonly Address[]): Promise<ReadonlyMap<number, Address>> {
  const [first] = given
  if (first === undefined) return new Map()
  const connection = new BrokerConnection(first)
  try {
    const body = await connection.call('Metadata', 12, { topics: [], allowAutoTopicCreation: false })
    const told = body.brokers
    const alone = told.length === 1
    return new Map(
      told.map((each) => {
        const { host, port, nodeId } = each
        return [nodeId, alone ? first : { host, port }]
      }),
    )
  } catch (error) {
    if (!(error instanceof BrokerGone)) throw error
    throw new UsageError(
      'missing-provider',
      `no Kafka answers at ${first.host}:${first.port} (${error.message}); name a plain-text listener of a broker that runs`,
    )
  } finally {
    connection.close()
  }
}
