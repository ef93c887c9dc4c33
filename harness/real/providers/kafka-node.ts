import { type ChildProcess, execFile } from 'node:child_process'
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { RealClusterError } from '../cluster/errors.ts'
import { guarded, killed } from './guarded.ts'
import { waitForPort } from './wait-for-port.ts'

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
  readonly port: number
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
    const { properties } = this.#options
    const lines = Object.entries(properties).map(([name, value]) => `${name}=${value}\n`)
    writeFileSync(this.#file, lines.join(''))
    const tool = ['kafka.tools.StorageTool', 'format', '-t', CLUSTER_ID, '-c', this.#file]
    await run('java', [...this.#java, ...tool]).catch((error: unknown) => {
      const { stderr = String(error) } = error as { readonly stderr?: string }
      throw new RealClusterError(`the storage of ${this.#options.name} could not be made: ${stderr.trim()}`)
    })
  }

  /** Resolves when it listens. */
  async start(): Promise<void> {
    const { name, port, signal, onEnd } = this.#options
    const log = openSync(this.#log, 'a')
    const process = guarded('java', [...this.#java, 'kafka.Kafka', this.#file], { output: log })
    closeSync(log)
    this.#process = process
    process.once('exit', (code, signal) => {
      if (this.#process === process) onEnd(`${name} ended by itself (${signal ?? `code ${code}`})`)
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
    return readFileSync(this.#log, 'utf8').slice(-LAST_WORDS).trim()
  }
}
