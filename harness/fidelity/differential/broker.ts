import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { formatStorage, propertiesText } from './kraft.ts'
import { accepts, freePort } from './ports.ts'
import { REBALANCE_MS, SESSION_MS } from './script.ts'

/** The settings of both clusters, by Kafka's names, so that scripts need not wait for minutes. */
export const SETTINGS: Readonly<Record<string, string | number | boolean>> = {
  'group.initial.rebalance.delay.ms': 0,
  'group.min.session.timeout.ms': Math.min(SESSION_MS, REBALANCE_MS),
  'auto.create.topics.enable': false,
  // ACLs count where there are some: scripts make them for their own topics and groups.
  'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'allow.everyone.if.no.acl.found': true,
}

/** On a machine that does much else, too. */
const STARTED_MS = 240_000
const STOPPED_MS = 30_000

/** Options of a broker beside `SETTINGS`. */
export interface BrokerOptions {
  /** Passwords by user: every connection must authenticate with SASL as one of these. */
  readonly users?: Readonly<Record<string, string>>
  readonly settings?: Readonly<Record<string, string | number | boolean>>
}

/** One real broker and controller in one process, from a folder of jars. */
export class RealBroker {
  readonly address: string
  readonly #folder: string
  readonly #libs: string
  readonly #properties: string
  #process: ChildProcess | null = null

  private constructor(
    libs: string,
    ports: readonly [number, number, number],
    { users, settings }: BrokerOptions,
  ) {
    const [port, controllerPort, saslPort] = ports
    this.address = `127.0.0.1:${users === undefined ? port : saslPort}`
    this.#libs = libs
    this.#folder = mkdtempSync(path.join(tmpdir(), 'onceover-kafka-'))
    this.#properties = path.join(this.#folder, 'server.properties')
    const lines = {
      'process.roles': 'broker,controller',
      'node.id': 0,
      'controller.quorum.voters': `0@127.0.0.1:${controllerPort}`,
      listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
      'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
      'controller.listener.names': 'CONTROLLER',
      'inter.broker.listener.name': 'PLAINTEXT',
      'log.dirs': path.join(this.#folder, 'data'),
      'offsets.topic.replication.factor': 1,
      'offsets.topic.num.partitions': 4,
      'transaction.state.log.replication.factor': 1,
      'transaction.state.log.num.partitions': 4,
      'transaction.state.log.min.isr': 1,
      ...SETTINGS,
      ...(users === undefined ? {} : saslLines(users, port, controllerPort, saslPort)),
      ...settings,
    }
    writeFileSync(this.#properties, propertiesText(lines))
  }

  /** @throws Error where Java or the jars are missing, or the broker does not come up */
  static async start(libs: string, options: BrokerOptions = {}): Promise<RealBroker> {
    if (!existsSync(libs)) throw new Error(`there is no folder ${libs} with Kafka's jars`)
    if (spawnSync('java', ['-version']).status !== 0) throw new Error('there is no Java here')
    const broker = new RealBroker(libs, [await freePort(), await freePort(), await freePort()], options)
    formatStorage(broker.#java, broker.#properties, options.users)
    await broker.#run()
    return broker
  }

  get #java(): string[] {
    return ['-Xmx512m', '-cp', path.join(this.#libs, '*')]
  }

  async #run(): Promise<void> {
    const log = openSync(path.join(this.#folder, 'log'), 'a')
    this.#process = spawn('java', [...this.#java, 'kafka.Kafka', this.#properties], {
      stdio: ['ignore', log, log],
    })
    closeSync(log)
    const endMs = performance.now() + STARTED_MS
    while (!(await accepts(this.address))) {
      if (this.#process.exitCode !== null || performance.now() > endMs)
        throw new Error(
          `Kafka did not start: ${readFileSync(path.join(this.#folder, 'log'), 'utf8').slice(-2_000)}`,
        )
      await pause(100)
    }
    await pause(1_500)
  }

  async #halt(): Promise<void> {
    const running = this.#process
    if (running === null || running.exitCode !== null) return
    const ended = new Promise((resolve) => running.once('exit', resolve))
    running.kill('SIGTERM')
    const timer = setTimeout(() => running.kill('SIGKILL'), STOPPED_MS)
    await ended
    clearTimeout(timer)
  }

  async restart(): Promise<void> {
    await this.#halt()
    await this.#run()
  }

  /** Stops it, and leaves nothing behind. */
  async stop(): Promise<void> {
    await this.#halt()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

/**
 * A second listener that demands SASL, with each of the users for PLAIN; for SCRAM they stand in
 * the metadata.
 */
function saslLines(
  users: Readonly<Record<string, string>>,
  port: number,
  controllerPort: number,
  saslPort: number,
): Record<string, string> {
  const sasl = `SASL_PLAINTEXT://127.0.0.1:${saslPort}`
  const plain = Object.entries(users).map(([user, password]) => ` user_${user}="${password}"`)
  const modules = 'org.apache.kafka.common.security'
  const scram = `${modules}.scram.ScramLoginModule required;`
  const of = (mechanism: string): string => `listener.name.sasl_plaintext.${mechanism}.sasl.jaas.config`
  return {
    listeners: `PLAINTEXT://127.0.0.1:${port},${sasl},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port},${sasl}`,
    // Named as the protocol is, and still asked for where there is a listener more than these.
    'listener.security.protocol.map':
      'PLAINTEXT:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT',
    'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    [of('plain')]: `${modules}.plain.PlainLoginModule required${plain.join('')};`,
    [of('scram-sha-256')]: scram,
    [of('scram-sha-512')]: scram,
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
