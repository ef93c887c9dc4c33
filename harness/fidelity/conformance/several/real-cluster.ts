import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { formatStorage, propertiesText } from '../../differential/kraft.ts'
import { accepts, freePort } from '../../differential/ports.ts'
import { ControllerProxy } from './controller-proxy.ts'
import { BROKERS, SETTINGS } from './stage.ts'

const CONTROLLER = 100
const STARTED_MS = 300_000

/** Three real brokers and a controller, each a process of its own. */
export class RealBrokers {
  readonly brokers: readonly RealNode[]
  readonly #controller: RealNode
  readonly #proxy: ControllerProxy
  readonly #folder: string

  private constructor(
    folder: string,
    {
      controller,
      proxy,
      brokers,
    }: { controller: RealNode; proxy: ControllerProxy; brokers: readonly RealNode[] },
  ) {
    this.#folder = folder
    this.#controller = controller
    this.#proxy = proxy
    this.brokers = brokers
  }

  /** @throws Error where they do not come up */
  static async start(libs: string): Promise<RealBrokers> {
    const folder = mkdtempSync(path.join(tmpdir(), 'onceover-kafka-'))
    const controllerPort = await freePort()
    const proxy = await ControllerProxy.start(controllerPort)
    const make = (id: number, port: number): RealNode =>
      new RealNode({ id, libs, folder: path.join(folder, String(id)), port, proxy })
    const brokers: RealNode[] = []
    for (const id of BROKERS) brokers.push(make(id, await freePort()))
    const cluster = new RealBrokers(folder, { controller: make(CONTROLLER, controllerPort), proxy, brokers })
    try {
      await Promise.all([cluster.#controller, ...brokers].map((node) => node.start()))
    } catch (error) {
      await cluster.stop()
      throw error
    }
    return cluster
  }

  /** Stops all of them, and leaves nothing behind. */
  async stop(): Promise<void> {
    await Promise.all([...this.brokers, this.#controller].map((node) => node.kill()))
    await this.#proxy.stop()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

interface NodeOptions {
  readonly id: number
  /** The folder of Kafka's jars. */
  readonly libs: string
  readonly folder: string
  readonly port: number
  /** The controller, as brokers reach it. */
  readonly proxy: ControllerProxy
}

class RealNode {
  readonly address: string
  readonly #options: NodeOptions
  readonly #properties: string
  readonly #log: string
  #process: ChildProcess | null = null

  constructor(options: NodeOptions) {
    this.#options = options
    this.address = `127.0.0.1:${options.port}`
    this.#properties = `${options.folder}.properties`
    this.#log = `${options.folder}.log`
    writeFileSync(this.#properties, propertiesOf(options))
    formatStorage(this.#java, this.#properties)
  }

  get #java(): string[] {
    return ['-Xmx384m', '-XX:TieredStopAtLevel=1', '-cp', path.join(this.#options.libs, '*')]
  }

  async start(): Promise<void> {
    const log = openSync(this.#log, 'a')
    const running = spawn('java', [...this.#java, 'kafka.Kafka', this.#properties], {
      stdio: ['ignore', log, log],
    })
    closeSync(log)
    this.#process = running
    const endMs = performance.now() + STARTED_MS
    while (!(await accepts(this.address))) {
      if (running.exitCode !== null || performance.now() > endMs)
        throw new Error(`Kafka did not start: ${readFileSync(this.#log, 'utf8').slice(-2_000)}`)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }

  cut(isCut: boolean): void {
    this.#options.proxy.cut(this.#options.id, isCut)
  }

  /** At once, as a machine that fails. */
  async kill(): Promise<void> {
    const running = this.#process
    this.#process = null
    if (running === null || running.exitCode !== null) return
    const ended = new Promise((resolve) => running.once('exit', resolve))
    running.kill('SIGKILL')
    await ended
  }
}

function propertiesOf({ id, folder, port, proxy }: NodeOptions): string {
  const controls = id === CONTROLLER
  const listener = controls ? `CONTROLLER://127.0.0.1:${port}` : `PLAINTEXT://127.0.0.1:${port}`
  const lines = {
    'process.roles': controls ? 'controller' : 'broker',
    'node.id': id,
    'controller.quorum.voters': `${CONTROLLER}@127.0.0.1:${proxy.port}`,
    'controller.listener.names': 'CONTROLLER',
    listeners: listener,
    'advertised.listeners': controls ? `CONTROLLER://127.0.0.1:${proxy.port}` : listener,
    ...(controls ? {} : { 'inter.broker.listener.name': 'PLAINTEXT' }),
    'log.dirs': path.join(folder, 'data'),
    'broker.heartbeat.interval.ms': 500,
    'offsets.topic.num.partitions': 3,
    'transaction.state.log.replication.factor': 3,
    'transaction.state.log.num.partitions': 3,
    'transaction.state.log.min.isr': 1,
    ...SETTINGS,
  }
  return propertiesText(lines)
}
