import type { Settings } from '../settings.ts'
import { ClientQuotas, type QuotaClient, type QuotaKey } from './client-quotas.ts'
import { Rate } from './rate.ts'

/** A client, and the broker that it asks. */
export interface ThrottledClient extends QuotaClient {
  readonly broker: number
  readonly process: string
}

/** One request in so many milliseconds; what comes sooner is throttled for as long. */
interface Pace {
  readonly everyMs: number
  passedMs: number
}

const ALL_PERCENT = 100

/**
 * Clients' use of their quotas, counted by each broker for itself, and the throttle times that
 * follow (ClientQuotaManager, ClientRequestQuotaManager; KIP-13, KIP-124, KIP-219). Exists only
 * where a quota is set.
 */
export class Throttling {
  readonly quotas: ClientQuotas
  readonly #settings: Settings
  readonly #rates: Map<string, Rate> = new Map()
  readonly #paces: Map<string, Pace> = new Map()

  constructor(settings: Settings) {
    this.#settings = settings
    this.quotas = ClientQuotas.from(settings['onceover.client.quotas'])
  }

  /** From now on this broker takes one request of this process each `everyMs`; null: any number. */
  setPace(broker: number, process: string, everyMs: number | null): void {
    const key = `${broker} ${process}`
    if (everyMs === null) this.#paces.delete(key)
    else this.#paces.set(key, { everyMs, passedMs: Number.NEGATIVE_INFINITY })
  }

  /** The broker has stopped: it remembers nothing. */
  forget(broker: number): void {
    for (const key of [...this.#rates.keys()]) if (key.startsWith(`${broker} `)) this.#rates.delete(key)
  }

  /**
   * @param bytes the request with its header; it is exempt from `request_percentage` where nobody
   * waits for its answer
   */
  ofProduce(
    client: ThrottledClient,
    { bytes, exempt, nowMs }: { bytes: number; exempt: boolean; nowMs: number },
  ): number {
    const bandwidthMs = this.#add('producer_byte_rate', client, bytes, nowMs)
    return Math.max(bandwidthMs, exempt ? 0 : this.ofRequest(client, nowMs))
  }

  /**
   * @param bytes the answer, which is not counted where the client is throttled, for it is then
   * sent without records
   */
  ofFetch(client: ThrottledClient, bytes: number, nowMs: number): number {
    const requestMs = this.ofRequest(client, nowMs)
    const ms = Math.max(requestMs, this.#add('consumer_byte_rate', client, bytes, nowMs))
    if (ms > 0) this.#add('consumer_byte_rate', client, -bytes, nowMs)
    return ms
  }

  /** The most bytes that a fetch may have without being throttled for itself alone. */
  fetchBytesMax(client: ThrottledClient): number {
    const limit = this.quotas.limitOf('consumer_byte_rate', client)
    if (limit === null) return Number.MAX_SAFE_INTEGER
    const { samples, sampleMs } = this.#window
    return Math.floor((limit.bound * (samples - 1) * sampleMs) / 1_000)
  }

  ofRequest(client: ThrottledClient, nowMs: number): number {
    const percent = this.#settings['onceover.request.time.ms'] * (ALL_PERCENT / 1_000)
    const quotaMs = this.#add('request_percentage', client, percent, nowMs)
    return Math.max(this.#paceMs(client, nowMs), Math.min(quotaMs, this.#window.sampleMs))
  }

  #paceMs({ broker, process }: ThrottledClient, nowMs: number): number {
    const pace = this.#paces.get(`${broker} ${process}`)
    if (pace === undefined) return 0
    if (nowMs - pace.passedMs < pace.everyMs) return pace.everyMs
    pace.passedMs = nowMs
    return 0
  }

  #add(quota: QuotaKey, client: ThrottledClient, amount: number, nowMs: number): number {
    const limit = this.quotas.limitOf(quota, client)
    if (limit === null) return 0
    const key = `${client.broker} ${quota} ${limit.sharedBy}`
    let rate = this.#rates.get(key)
    if (rate === undefined) {
      rate = new Rate(this.#window)
      this.#rates.set(key, rate)
    }
    rate.add(amount, nowMs)
    return rate.overMs(limit.bound, nowMs)
  }

  get #window(): { readonly samples: number; readonly sampleMs: number } {
    const settings = this.#settings
    return {
      samples: settings['quota.window.num'],
      sampleMs: settings['quota.window.size.seconds'] * 1_000,
    }
  }
}
