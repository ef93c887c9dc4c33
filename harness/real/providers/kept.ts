import type { Provider, RealKafka, WantedCluster } from './provider.interface.ts'

/**
 * A provider whose cluster goes on running for the next user with the same wishes. `close` stops
 * it.
 */
export class KeptProvider implements Provider {
  readonly #provider: Provider
  #running: { readonly key: string; readonly kafka: RealKafka } | null = null
  /** Told of a failure; set by the present user. */
  #onFailure: (why: string) => void = () => {}

  constructor(provider: Provider) {
    this.#provider = provider
  }

  get name(): Provider['name'] {
    return this.#provider.name
  }

  /** False: it keeps one cluster. */
  get several(): boolean {
    return false
  }

  missing(): Promise<string | null> {
    return this.#provider.missing()
  }

  cannot: Provider['cannot'] = (need) => this.#provider.cannot(need)

  async start(wanted: WantedCluster): Promise<RealKafka> {
    const { brokers, settings, release } = wanted
    const key = JSON.stringify({ brokers, settings, release })
    this.#onFailure = wanted.onFailure
    if (this.#running?.key !== key) {
      await this.close()
      const onFailure = (why: string): void => {
        this.#running = null
        this.#onFailure(why)
      }
      this.#running = { key, kafka: await this.#provider.start({ ...wanted, onFailure }) }
    }
    return new Lent(this.#running.kafka)
  }

  async close(): Promise<void> {
    const running = this.#running
    this.#running = null
    await running?.kafka.stop()
  }
}

/** The kept cluster, lent to a user that may not stop it. */
class Lent implements RealKafka {
  readonly #kafka: RealKafka
  readonly killBroker: RealKafka['killBroker']
  readonly startBroker: RealKafka['startBroker']
  readonly cutController: RealKafka['cutController']

  constructor(kafka: RealKafka) {
    this.#kafka = kafka
    this.killBroker = kafka.killBroker?.bind(kafka)
    this.startBroker = kafka.startBroker?.bind(kafka)
    this.cutController = kafka.cutController?.bind(kafka)
  }

  get isOurs(): boolean {
    return this.#kafka.isOurs
  }

  get title(): string {
    return this.#kafka.title
  }

  get how(): string {
    return this.#kafka.how
  }

  get brokers(): RealKafka['brokers'] {
    return this.#kafka.brokers
  }

  get toxiproxy(): RealKafka['toxiproxy'] {
    return this.#kafka.toxiproxy
  }

  async stop(): Promise<void> {}
}
