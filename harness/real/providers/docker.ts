import { setTimeout as sleep } from 'node:timers/promises'
import { brokerName } from '../../core/names.ts'
import { TOXIPROXY_VERSION } from '../../fidelity/artifacts/toxiproxy.ts'
import { freePort } from '../../fidelity/differential/ports.ts'
import { RealClusterError } from '../cluster/errors.ts'
import type { Address } from '../gate/exchange.ts'
import type { ToxiproxyAccess } from '../toxiproxy/links.ts'
import { Compose } from './compose.ts'
import { cannotInContainers, containedToxiproxy, SEVERAL, settingsEnvironment } from './containers.ts'
import { docker } from './docker-command.ts'
import { guarded } from './guarded.ts'
import type { Provider, RealKafka, WantedCluster } from './provider.interface.ts'
import { runs } from './runs.ts'

const HOST = '127.0.0.1'
const LOOK_MS = 250
/** Two JVMs one after the other, on a machine with other work to do. */
const STARTED_MS = 300_000

/** Kafka and Toxiproxy in containers, by docker compose. */
export const dockerProvider: Provider = {
  name: 'docker',
  several: true,
  async missing() {
    if (!(await runs('docker', ['version'])))
      return 'no Docker answers here; start it (DOCKER_HOST names another place), or type --provider local'
    if (!(await runs('docker', ['compose', 'version'])))
      return "Docker has no 'compose' of version 2 here; install its plugin, or type --provider local"
    return null
  },
  cannot: cannotInContainers,
  async start(wanted) {
    const cluster = await ComposedKafka.of(wanted)
    try {
      await cluster.start()
      return cluster
    } catch (error) {
      await cluster.stop().catch(() => {})
      throw error
    }
  },
}

class ComposedKafka implements RealKafka {
  readonly title: string
  readonly isOurs = true
  readonly how: string = `docker compose, Toxiproxy ${TOXIPROXY_VERSION}`
  readonly brokers: ReadonlyMap<number, Address>
  readonly #wanted: WantedCluster
  readonly #compose: Compose
  readonly #services: readonly string[]
  /** Containers that may end, because somebody ends them. */
  readonly #expected: Set<string> = new Set()
  readonly #waits: (() => void)[] = []
  #toxiproxy: ToxiproxyAccess | null = null
  #stopped: Promise<void> | null = null

  private constructor(wanted: WantedCluster, ports: readonly number[]) {
    this.#wanted = wanted
    this.title = `Kafka ${wanted.release}`
    this.brokers = new Map(ports.map((port, id) => [id, { host: HOST, port }]))
    const alone = ports.length === 1
    this.#services = alone ? ['kafka'] : ports.map((_, id) => `kafka-${id}`)
    const published = Object.fromEntries(ports.map((port, id) => [`ONCEOVER_PORT_${id}`, String(port)]))
    this.#compose = new Compose({
      profile: alone ? 'one' : 'three',
      // No port: a free one of Docker's choice.
      env: {
        ONCEOVER_KAFKA: wanted.release,
        ONCEOVER_TOXIPROXY_PORT: '',
        ONCEOVER_PROXY_PORTS: '',
        ...published,
      },
      services: this.#services,
      environment: settingsEnvironment(wanted, ports.length),
    })
  }

  /** A broker keeps its port when it is started again, and so it is given one. */
  static async of(wanted: WantedCluster): Promise<ComposedKafka> {
    const ports: number[] = []
    for (let count = wanted.brokers === 1 ? 1 : SEVERAL; ports.length < count; ) ports.push(await freePort())
    return new ComposedKafka(wanted, ports)
  }

  get toxiproxy(): ToxiproxyAccess {
    if (this.#toxiproxy === null) throw new Error('it has not been started')
    return this.#toxiproxy
  }

  async start(): Promise<void> {
    const { progress, signal } = this.#wanted
    progress(`${this.title} and Toxiproxy are starting in containers`)
    await this.#compose.up(signal)
    for (const service of [...this.#services, 'toxiproxy']) this.#watch(service)
    const ports = await this.#portsOf('toxiproxy')
    const gateway = await this.#gatewayOf('toxiproxy')
    this.#toxiproxy = containedToxiproxy(gateway, (port) => ports.get(port) ?? 0)
  }

  async killBroker(id: number): Promise<void> {
    const service = this.#serviceOf(id)
    this.#expected.add(service)
    await docker(['kill', this.#compose.containerOf(service)], { to: `kill ${brokerName(id)}` })
  }

  async startBroker(id: number): Promise<void> {
    const service = this.#serviceOf(id)
    const container = this.#compose.containerOf(service)
    await docker(['start', container], { to: `start ${brokerName(id)}` })
    const health = ['inspect', '--format', '{{.State.Health.Status}}', container]
    const endMs = performance.now() + STARTED_MS
    while ((await docker(health, { to: `look after ${brokerName(id)}` })).trim() !== 'healthy') {
      this.#wanted.signal.throwIfAborted()
      if (performance.now() > endMs)
        throw new RealClusterError(`${brokerName(id)} was not up after ${STARTED_MS / 1000} s`)
      await sleep(LOOK_MS)
    }
    this.#expected.delete(service)
    this.#watch(service)
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop()
    return this.#stopped
  }

  async #stop(): Promise<void> {
    for (const end of this.#waits) end()
    await this.#compose.down()
  }

  /** A container that ends by itself is a failure. */
  #watch(service: string): void {
    const { onFailure } = this.#wanted
    const wait = guarded('docker', ['wait', this.#compose.containerOf(service)])
    let over = false
    this.#waits.push(() => {
      over = true
      wait.kill('SIGKILL')
    })
    wait.once('exit', () => {
      if (!over && !this.#expected.has(service)) onFailure(`the container of ${service} ended by itself`)
    })
  }

  #serviceOf(id: number): string {
    const service = this.#services[id]
    if (service === undefined) throw new RealClusterError(`there is no broker ${id}`)
    return service
  }

  /** Ports of this machine by those of the container. */
  async #portsOf(service: string): Promise<ReadonlyMap<number, number>> {
    const format =
      '{{range $port, $at := .NetworkSettings.Ports}}{{$port}} {{(index $at 0).HostPort}}\n{{end}}'
    const text = await docker(['inspect', '--format', format, this.#compose.containerOf(service)], {
      to: `tell the ports of ${service}`,
    })
    return new Map(
      [...text.matchAll(/^(\d+)\/tcp (\d+)$/gm)].map(([, port, at]) => [Number(port), Number(at)]),
    )
  }

  async #gatewayOf(service: string): Promise<string> {
    const format = '{{range .NetworkSettings.Networks}}{{.Gateway}}{{end}}'
    const args = ['inspect', '--format', format, this.#compose.containerOf(service)]
    return (await docker(args, { to: `tell the network of ${service}` })).trim()
  }
}
