import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { docker } from './docker-command.ts'
import { watchman } from './watchman.ts'

/** From sources and from the package: the folder that holds both. */
const FOLDERS = [
  path.resolve(import.meta.dirname, '../../..'),
  path.resolve(import.meta.dirname, '../../../..'),
]
const FILE = 'docker-compose.yml'

export interface ComposeOptions {
  readonly profile: string
  /** For what the file asks of its environment. */
  readonly env: Readonly<Record<string, string>>
  /** Services of brokers; `environment` is added to that of each. */
  readonly services: readonly string[]
  readonly environment: Readonly<Record<string, string>>
}

/** A project of docker compose of our own, from the file that anybody may start by hand. */
export class Compose {
  readonly name: string = `onceover-${randomBytes(4).toString('hex')}`
  readonly #options: ComposeOptions
  /** Takes the project away where we end without a word. */
  #watchman: { dismiss(): void } | null = null

  constructor(options: ComposeOptions) {
    this.#options = options
  }

  /** Resolves when every container is healthy. */
  async up(signal: AbortSignal): Promise<void> {
    const { profile, env, services, environment } = this.#options
    this.#watchman = watchman(['docker', ...this.#down])
    const added = { services: Object.fromEntries(services.map((each) => [each, { environment }])) }
    const files = ['--file', composeFile(), '--file', '-']
    await docker(
      ['compose', '--project-name', this.name, ...files, '--profile', profile, 'up', '--detach', '--wait'],
      {
        to: 'start Kafka and Toxiproxy (docker pull tells whether the images can be had; else type --provider local)',
        env,
        input: JSON.stringify(added),
        signal,
      },
    )
  }

  containerOf(service: string): string {
    return `${this.name}-${service}-1`
  }

  async down(): Promise<void> {
    await docker(this.#down, { to: `take the project ${this.name} away` })
    this.#watchman?.dismiss()
    this.#watchman = null
  }

  get #down(): string[] {
    return ['compose', '--project-name', this.name, 'down', '--volumes', '--timeout', '0']
  }
}

function composeFile(): string {
  const files = FOLDERS.map((folder) => path.join(folder, FILE))
  const found = files.find((file) => existsSync(file))
  if (found === undefined) throw new Error(`there is no ${files.join(' and no ')}`)
  return found
}
