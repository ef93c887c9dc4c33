import type { Provider, RealKafka, WantedCluster } from './provider.interface.ts'

/** A provider whose starts are timed. */
export class TimedProvider implements Provider {
  /** How long each cluster took until it was there. */
  readonly startsMs: number[] = []
  readonly #provider: Provider

  constructor(provider: Provider) {
    this.#provider = provider
  }

  get name(): Provider['name'] {
    return this.#provider.name
  }

  get several(): boolean {
    return this.#provider.several
  }

  missing(): Promise<string | null> {
    return this.#provider.missing()
  }

  cannot: Provider['cannot'] = (need) => this.#provider.cannot(need)

  async start(wanted: WantedCluster): Promise<RealKafka> {
    const startedMs = performance.now()
    const kafka = await this.#provider.start(wanted)
    this.startsMs.push(performance.now() - startedMs)
    return kafka
  }
}
