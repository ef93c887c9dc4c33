import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { brokerName } from '../../core/names.ts'
import { kafkaJars } from '../../fidelity/artifacts/kafka.ts'
import { TOXIPROXY_VERSION, toxiproxyBinary } from '../../fidelity/artifacts/toxiproxy.ts'
import { ControllerProxy } from '../../fidelity/conformance/several/controller-proxy.ts'
import { freePort } from '../../fidelity/differential/ports.ts'
import { RealClusterError } from '../cluster/errors.ts'
import type { Address } from '../gate/exchange.ts'
import { ToxiproxyServer } from '../toxiproxy/server.ts'
import { KafkaNode } from './kafka-node.ts'
import { missingHere } from './local-needs.ts'
import type { Provider, RealKafka, WantedCluster } from './provider.interface.ts'
import { clusterSettings } from './settings.ts'
import { watchman } from './watchman.ts'

const HOST = '127.0.0.1'
const CONTROLLER = 100

/**
 * Kafka from Maven Central and Toxiproxy from the Go module proxy, as processes of this machine.
 */
export const localProvider: Provider = {
  name: 'local',
  several: true,
  missing: missingHere,
  cannot: () => null,
  async start(wanted) {
    const { release, progress } = wanted
    progress(`Kafka ${release} from Maven Central`)
    const jars = await fetched(kafkaJars(release))
    progress('Toxiproxy from the Go module proxy')
    const binary = await fetched(toxiproxyBinary())
    const local = new LocalKafka(wanted, jars)
    try {
      await local.start(binary)
      return local
    } catch (error) {
      await local.stop()
      throw error
    }
  },
}

/** An artifact that a registry does not give is no defect of the harness. */
function fetched<T>(attempt: Promise<T>): Promise<T> {
  return attempt.catch((error: Error) => {
    throw new RealClusterError(error.message, { cause: error })
  })
}

class LocalKafka implements RealKafka {
  readonly title: string
  readonly isOurs = true
  readonly how: string
  readonly brokers: Map<number, Address> = new Map()
  readonly #wanted: WantedCluster
  readonly #jars: string
  readonly #folder: string = mkdtempSync(path.join(tmpdir(), 'onceover-real-'))
  readonly #nodes: Map<number, KafkaNode> = new Map()
  /** Guards end the processes where we end without a word; the folder goes after them. */
  readonly #watchman: { dismiss(): void } = watchman([
    '/bin/sh',
    '-c',
    'sleep 2; rm -rf "$1"',
    'sh',
    this.#folder,
  ])
  #proxy: ControllerProxy | null = null
  #toxiproxy: ToxiproxyServer | null = null
  #stopped: Promise<void> | null = null

  constructor(wanted: WantedCluster, jars: string) {
    this.#wanted = wanted
    this.#jars = jars
    this.title = `Kafka ${wanted.release}`
    this.how = `local processes, Toxiproxy ${TOXIPROXY_VERSION}`
  }

  get toxiproxy(): ToxiproxyServer['access'] {
    if (this.#toxiproxy === null) throw new Error('it has not been started')
    return this.#toxiproxy.access
  }

  async start(binary: string): Promise<void> {
    const { brokers, onFailure, signal, progress } = this.#wanted
    progress(brokers === 1 ? 'Kafka is starting' : `${brokers} brokers and a controller are starting`)
    this.#toxiproxy = await ToxiproxyServer.start(binary, { signal, onEnd: onFailure })
    if (brokers === 1) await this.#addCombined()
    else await this.#addSeveral(brokers)
    const nodes = [...this.#nodes.values()]
    await Promise.all(nodes.map((node) => node.format()))
    await Promise.all(nodes.map((node) => node.start()))
  }

  async killBroker(id: number): Promise<void> {
    await this.#nodes.get(id)?.kill()
  }

  async startBroker(id: number): Promise<void> {
    await this.#nodes.get(id)?.start()
  }

  cutController(id: number, isCut: boolean): void {
    this.#proxy?.cut(id, isCut)
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop()
    return this.#stopped
  }

  async #stop(): Promise<void> {
    await Promise.all([...this.#nodes.values()].map((node) => node.kill()))
    await this.#proxy?.stop()
    await this.#toxiproxy?.stop()
    rmSync(this.#folder, { recursive: true, force: true })
    this.#watchman.dismiss()
  }

  /** Broker and controller in one. */
  async #addCombined(): Promise<void> {
    const [port, controller] = [await freePort(), await freePort()]
    const listeners = `PLAINTEXT://${HOST}:${port},CONTROLLER://${HOST}:${controller}`
    this.#add(0, [port, controller], {
      'process.roles': 'broker,controller',
      'controller.quorum.voters': `0@${HOST}:${controller}`,
      listeners,
      'advertised.listeners': listeners,
      'inter.broker.listener.name': 'PLAINTEXT',
    })
  }

  /**
   * A controller of its own, which brokers reach through a proxy: so a broker can be cut from it,
   * or killed.
   */
  async #addSeveral(brokers: number): Promise<void> {
    const controller = await freePort()
    this.#proxy = await ControllerProxy.start(controller)
    const quorum = { 'controller.quorum.voters': `${CONTROLLER}@${HOST}:${this.#proxy.port}` }
    this.#add(CONTROLLER, [controller], {
      ...quorum,
      'process.roles': 'controller',
      listeners: `CONTROLLER://${HOST}:${controller}`,
      'advertised.listeners': `CONTROLLER://${HOST}:${this.#proxy.port}`,
    })
    for (let id = 0; id < brokers; id += 1) {
      const port = await freePort()
      const listeners = `PLAINTEXT://${HOST}:${port}`
      this.#add(id, [port], {
        ...quorum,
        'process.roles': 'broker',
        listeners,
        'advertised.listeners': listeners,
        'inter.broker.listener.name': 'PLAINTEXT',
      })
    }
  }

  #add(id: number, ports: readonly [number, ...number[]], own: Readonly<Record<string, string>>): void {
    const folder = path.join(this.#folder, String(id))
    const properties = {
      'node.id': id,
      'controller.listener.names': 'CONTROLLER',
      'log.dirs': path.join(folder, 'data'),
      'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
      ...clusterSettings(this.#wanted),
      ...own,
    }
    const name = id === CONTROLLER ? 'the controller' : brokerName(id)
    const { onFailure, signal } = this.#wanted
    const onEnd = onFailure
    const node = new KafkaNode({ name, jars: this.#jars, folder, ports, properties, signal, onEnd })
    this.#nodes.set(id, node)
    if (id !== CONTROLLER) this.brokers.set(id, { host: HOST, port: ports[0] })
  }
}
