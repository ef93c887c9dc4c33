import { type ChildProcess, execFile } from 'node:child_process'
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { RealClusterError } from '../cluster/errors.ts'
import { guarded, killed } from './guarded.ts'
import { waitForPort } from './wait-for-port.ts'
import { portTaken, whyEnded } from './why-ended.ts'

const run = promisify(execFile)
const CLUSTER_ID = 'b25jZW92ZXJvbmNlb3Zlcg'
/**
 * Two JVMs one after the other; a machine with other work to do has taken more than two minutes.
 */
const STARTED_MS = 300_000
const JVM = ['-Xmx384m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC']
const LAST_WORDS = 400

export interface KafkaNodeOptions {
  /** The node's name in messages. */
  readonly name: string
  /** The folder of Kafka's jars. */
  readonly jars: string
  /** Its own, and what stands beside it under the same name. */
  readonly folder: string
  /** The ports that it listens on; at the first of them it is awaited. */
  readonly ports: readonly [number, ...number[]]
  readonly properties: Readonly<Record<string, string | number | boolean>>
  /** Aborted once nobody waits for the node. */
  readonly signal: AbortSignal
  /** Called when the node has ended by itself. */
  onEnd(why: string): void
}

/** One JVM of a cluster: a broker, a controller, or both. */
export class KafkaNode {
  readonly #options: KafkaNodeOptions
  #process: ChildProcess | null = null

  constructor(options: KafkaNodeOptions) {
    this.#options = options
  }

  /** Prepares its storage, as KRaft wants it before the first start. */
  async format(): Promise<void> {
    const { name, properties, signal } = this.#options
    const lines = Object.entries(properties).map(([name, value]) => `${name}=${value}\n`)
    writeFileSync(this.#file, lines.join(''))
    const tool = ['kafka.tools.StorageTool', 'format', '-t', CLUSTER_ID, '-c', this.#file]
    // What stands still takes no other signal.
    const limits = { signal, timeout: STARTED_MS, killSignal: 'SIGKILL' } as const
    await run('java', [...this.#java, ...tool], limits).catch((error: unknown) => {
      const { stderr = '', killed: late = false } = error as { readonly stderr?: string; killed?: boolean }
      const why = late ? `Java took more than ${STARTED_MS / 1000} s` : stderr.trim() || String(error)
      throw new RealClusterError(`the storage of ${name} could not be made: ${why}`)
    })
  }

  /** Resolves when it listens. */
  async start(): Promise<void> {
    const { name, ports, signal, onEnd } = this.#options
    const [port] = ports
    const taken = await portTaken(name, port)
    if (taken !== null) throw new RealClusterError(taken)
    const log = openSync(this.#log, 'a')
    const process = guarded('java', [...this.#java, 'kafka.Kafka', this.#file], { output: log })
    closeSync(log)
    this.#process = process
    process.once('exit', (code, signal) => {
      if (this.#process !== process) return
      void whyEnded({ name, ports, how: signal ?? `code ${code}` }).then(onEnd)
    })
    await waitForPort(
      { host: '127.0.0.1', port },
      { what: name, process, patienceMs: STARTED_MS, signal, words: () => this.#lastWords },
    )
  }

  /** At once, as a machine that fails. */
  async kill(): Promise<void> {
    const process = this.#process
    this.#process = null
    if (process !== null) await killed(process)
  }

  get #java(): string[] {
    return [...JVM, '-cp', path.join(this.#options.jars, '*')]
  }

  get #file(): string {
    return `${this.#options.folder}.properties`
  }

  get #log(): string {
    return `${this.#options.folder}.log`
  }

  get #lastWords(): string {
    return readFileSync(this.#log, 'utf8')
      .slice(-LAST_WORDS)
      .trim()
      .replaceAll(/\s*\n\s*/g, ' ')
  }
}
