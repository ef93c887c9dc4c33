import type { StartedNetwork, StartedTestContainer } from 'testcontainers'
import { errorCode } from '../../core/error-text.ts'
import { UsageError } from '../../core/errors.ts'
import { TOXIPROXY_VERSION } from '../../fidelity/artifacts/toxiproxy.ts'
import { freePort } from '../../fidelity/differential/ports.ts'
import { RealClusterError } from '../cluster/errors.ts'
import type { Address } from '../gate/exchange.ts'
import type { ToxiproxyAccess } from '../toxiproxy/links.ts'
import { cannotInContainers, containedToxiproxy, SEVERAL, settingsEnvironment } from './containers.ts'
import type { Provider, RealKafka, WantedCluster } from './provider.interface.ts'

const HOST = '127.0.0.1'
const KAFKA_PORT = 9_092
const STARTED_MS = 300_000
const INSTALL = 'npm install --save-dev testcontainers @testcontainers/toxiproxy'

/** Loaded when asked for: it takes seconds, and is there only for those who install it. */
async function library(): Promise<{
  readonly containers: typeof import('testcontainers')
  readonly toxiproxy: typeof import('@testcontainers/toxiproxy')
} | null> {
  try {
    return {
      containers: await import('testcontainers'),
      toxiproxy: await import('@testcontainers/toxiproxy'),
    }
  } catch (error) {
    if (errorCode(error) === 'ERR_MODULE_NOT_FOUND') return null
    throw error
  }
}

/** Kafka and Toxiproxy in containers, by testcontainers. */
export const testcontainersProvider: Provider = {
  name: 'testcontainers',
  several: true,
  async missing() {
    const found = await library()
    if (found === null) return `testcontainers is not installed here; type ${INSTALL}`
    return found.containers.getContainerRuntimeClient().then(
      () => null,
      () =>
        'testcontainers finds no Docker here; start it (DOCKER_HOST names another place), or type --provider local',
    )
  },
  cannot: cannotInContainers,
  async start(wanted) {
    const cluster = new ContainedKafka(wanted)
    try {
      await cluster.start()
      return cluster
    } catch (error) {
      await cluster.stop()
      wanted.signal.throwIfAborted()
      const why = error instanceof Error ? error.message : String(error)
      throw new RealClusterError(`testcontainers could not start Kafka and Toxiproxy: ${why}`, {
        cause: error,
      })
    }
  },
}

class ContainedKafka implements RealKafka {
  readonly title: string
  readonly isOurs = true
  readonly how: string = `testcontainers, Toxiproxy ${TOXIPROXY_VERSION}`
  readonly brokers: Map<number, Address> = new Map()
  readonly #wanted: WantedCluster
  readonly #containers: Map<number, StartedTestContainer> = new Map()
  #network: StartedNetwork | null = null
  #proxy: StartedTestContainer | null = null
  #toxiproxy: ToxiproxyAccess | null = null
  #stopped: Promise<void> | null = null

  constructor(wanted: WantedCluster) {
    this.#wanted = wanted
    this.title = `Kafka ${wanted.release}`
  }

  get toxiproxy(): ToxiproxyAccess {
    if (this.#toxiproxy === null) throw new Error('it has not been started')
    return this.#toxiproxy
  }

  async start(): Promise<void> {
    const { brokers, progress, signal } = this.#wanted
    const found = await library()
    if (found === null)
      throw new UsageError('missing-provider', `testcontainers is not installed; type ${INSTALL}`)
    progress(`${this.title} and Toxiproxy are starting in containers`)
    this.#network = await new found.containers.Network().start()
    const ids = Array.from({ length: brokers === 1 ? 1 : SEVERAL }, (_, id) => id)
    // A broker keeps its port when it is started again, and so it is given one.
    for (const id of ids) this.brokers.set(id, { host: HOST, port: await freePort() })
    // All of them are waited for, also where one fails: what was started is to be stopped.
    const started = await Promise.allSettled([
      ...ids.map((id) => this.#startKafka(found.containers, id, ids)),
      this.#startToxiproxy(found.toxiproxy),
    ])
    for (const each of started) if (each.status === 'rejected') throw each.reason
    signal.throwIfAborted()
    const client = await found.containers.getContainerRuntimeClient()
    const proxy = this.#proxy
    const told = await client.container.dockerode.getContainer(proxy?.getId() ?? '').inspect()
    const [network] = Object.values(told.NetworkSettings.Networks)
    this.#toxiproxy = containedToxiproxy(network?.Gateway, (port) => proxy?.getMappedPort(port) ?? 0)
  }

  async killBroker(id: number): Promise<void> {
    await this.#containers.get(id)?.stop({ timeout: 0, remove: false, removeVolumes: false })
  }

  async startBroker(id: number): Promise<void> {
    await this.#containers.get(id)?.restart({ timeout: 0 })
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop()
    return this.#stopped
  }

  async #stop(): Promise<void> {
    const containers = [...this.#containers.values(), ...(this.#proxy === null ? [] : [this.#proxy])]
    await Promise.all(containers.map((each) => each.stop({ timeout: 0 })))
    await this.#network?.stop()
  }

  async #startKafka(
    { GenericContainer, Wait }: typeof import('testcontainers'),
    id: number,
    ids: readonly number[],
  ): Promise<void> {
    const port = this.brokers.get(id)?.port ?? 0
    const container = new GenericContainer(`apache/kafka:${this.#wanted.release}`)
      .withNetwork(this.#network as StartedNetwork)
      .withNetworkAliases(aliasOf(id))
      .withExposedPorts({ container: KAFKA_PORT, host: port })
      .withEnvironment({
        KAFKA_NODE_ID: String(id),
        KAFKA_PROCESS_ROLES: 'broker,controller',
        KAFKA_CONTROLLER_QUORUM_VOTERS: ids.map((each) => `${each}@${aliasOf(each)}:9093`).join(','),
        KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
        KAFKA_INTER_BROKER_LISTENER_NAME: 'INSIDE',
        KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'CONTROLLER:PLAINTEXT,INSIDE:PLAINTEXT,OUTSIDE:PLAINTEXT',
        KAFKA_LISTENERS: `INSIDE://:19092,OUTSIDE://:${KAFKA_PORT},CONTROLLER://:9093`,
        KAFKA_ADVERTISED_LISTENERS: `INSIDE://${aliasOf(id)}:19092,OUTSIDE://${HOST}:${port}`,
        KAFKA_HEAP_OPTS: '-Xmx384m',
        CLUSTER_ID: 'b25jZW92ZXJvbmNlb3Zlcg',
        ...settingsEnvironment(this.#wanted, ids.length),
      })
      .withWaitStrategy(Wait.forListeningPorts())
      .withStartupTimeout(STARTED_MS)
    this.#containers.set(id, await container.start())
  }

  async #startToxiproxy({ ToxiProxyContainer }: typeof import('@testcontainers/toxiproxy')): Promise<void> {
    this.#proxy = await new ToxiProxyContainer(`ghcr.io/shopify/toxiproxy:${TOXIPROXY_VERSION}`)
      .withExtraHosts([{ host: 'host.docker.internal', ipAddress: 'host-gateway' }])
      .withStartupTimeout(STARTED_MS)
      .start()
  }
}

function aliasOf(id: number): string {
  return `kafka-${id}`
}
