import { type ChildProcess, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'

export interface Command {
  readonly command: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

/** Runs a class of Kafka's tools. */
export type JavaTool = (className: string, ...args: readonly string[]) => Command

export interface EndedChild {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

const TEXT_KEPT = 4_000_000
const STOP_MS = 30_000

/** A program that runs until it ends or is stopped. */
export class Child {
  readonly process: ChildProcess
  readonly ended: Promise<EndedChild>
  #stderr = ''

  constructor({ command, args, env = {} }: Command) {
    this.process = spawn(command, args, { env: { ...process.env, ...env }, stdio: 'pipe' })
    this.process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-TEXT_KEPT)
    })
    this.process.stdin?.on('error', () => {})
    this.ended = new Promise((resolve, reject) => {
      this.process.on('error', reject)
      this.process.on('close', (code) => resolve({ code, stdout: '', stderr: this.#stderr }))
    })
  }

  get stdout(): Readable {
    return this.process.stdout as Readable
  }

  get stdin(): Writable {
    return this.process.stdin as Writable
  }

  get stderr(): string {
    return this.#stderr
  }

  /** SIGTERM; SIGKILL for one that does not hear it. */
  async stop(): Promise<EndedChild> {
    this.process.kill('SIGTERM')
    const last = setTimeout(() => this.process.kill('SIGKILL'), STOP_MS)
    const ended = await this.ended
    clearTimeout(last)
    return ended
  }
}

/** To its end, with all that it printed; it is killed after `limitMs`. */
export async function run(command: Command, limitMs = 300_000): Promise<EndedChild> {
  const child = new Child(command)
  let stdout = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout = (stdout + text).slice(-TEXT_KEPT)
  })
  child.stdin.end()
  const limit = setTimeout(() => child.process.kill('SIGKILL'), limitMs)
  const ended = await child.ended
  clearTimeout(limit)
  return { ...ended, stdout }
}

/**
 * The command's output.
 * @throws Error where it failed
 */
export async function outputOf(command: Command): Promise<string> {
  const { code, stdout, stderr } = await run(command)
  if (code === 0) return stdout
  const name = [command.command, ...command.args].join(' ').slice(0, 300)
  throw new Error(`${name} ended with ${code}: ${(stderr + stdout).slice(-1_500)}`)
}
