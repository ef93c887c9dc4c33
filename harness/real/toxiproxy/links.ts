import { Toxiproxy, type Proxy as ToxiproxyProxy } from 'toxiproxy-node-client'
import type { ToxiproxyCalls } from '../../core/confirmation.ts'
import { brokerName, linkName, parseLinkName } from '../../core/names.ts'
import type { Busy } from '../busy.ts'
import { RealClusterError } from '../cluster/errors.ts'

/** How Toxiproxy is reached, how it reaches gates, and how processes reach it. */
export interface ToxiproxyAccess {
  /** Of its control. */
  readonly url: string
  /** The address that gates listen on, and the name by which Toxiproxy finds them there. */
  readonly gateBind: string
  readonly gateHost: string
  /** Where the nth proxy is to listen, as Toxiproxy sees it. */
  listen(index: number): string
  /** The port by which processes reach what listens there. */
  portOf(listening: number): number
}

export interface LinksOptions {
  readonly access: ToxiproxyAccess
  readonly busy: Busy
  /** Set before the names of proxies: a Toxiproxy may have others. */
  readonly prefix: string
}

type ToxicStream = 'upstream' | 'downstream'
type LiftCut = () => void

interface ToxicLink {
  readonly proxy: ToxiproxyProxy
  readonly port: number
  /** Cuts of each direction, which resolve when they are lifted. */
  readonly cuts: Map<ToxicStream, Set<Promise<void>>>
  refusals: number
  enabled: boolean
}

/**
 * Longer than any run: a removed latency lets all that it holds pass at once, in order, and so is a
 * cut that heals.
 */
const CUT_MS = 3_600_000
/** A Toxiproxy that takes longer for a call stands still. */
const ANSWER_MS = 60_000

/**
 * The network between processes and brokers: one proxy of Toxiproxy for each pair. Every change is
 * awaited before anything else of the replay goes on.
 */
export class Links {
  #calls: ToxiproxyCalls = { calls: 0, ms: 0, slowestMs: 0 }
  readonly #toxiproxy: Toxiproxy
  readonly #options: LinksOptions
  readonly #links: Map<string, ToxicLink> = new Map()
  #toxics = 0
  /** Set once Toxiproxy did not answer: it is asked no more. */
  #silent: RealClusterError | null = null

  constructor(options: LinksOptions) {
    this.#options = options
    this.#toxiproxy = new Toxiproxy(options.access.url)
  }

  /** Calls of Toxiproxy so far. */
  get calls(): ToxiproxyCalls {
    return this.#calls
  }

  /** A proxy in front of this process's gate of this broker. */
  async open(process: string, broker: number, gatePort: number): Promise<void> {
    const { access, prefix } = this.#options
    const proxy = await this.#call(() =>
      this.#toxiproxy.createProxy({
        name: `${prefix}${nameOf(process, brokerName(broker))}`,
        listen: access.listen(this.#links.size),
        upstream: `${access.gateHost}:${gatePort}`,
        enabled: true,
      }),
    )
    const port = access.portOf(Number(proxy.listen.split(':').at(-1)))
    const cuts = new Map<ToxicStream, Set<Promise<void>>>([
      ['upstream', new Set()],
      ['downstream', new Set()],
    ])
    this.#links.set(nameOf(process, brokerName(broker)), { proxy, port, cuts, refusals: 0, enabled: true })
  }

  /** Where this process reaches this broker. */
  portOf(process: string, broker: number): number {
    return this.#links.get(nameOf(process, brokerName(broker)))?.port ?? 0
  }

  /** Bytes take longer, from the next on. Null where there is no such link. */
  slow(from: string, to: string, extraMs: number): LiftCut | null {
    const found = this.#find(from, to)
    return found === null ? null : this.#addLatency(found.link, found.stream, extraMs)
  }

  /** Bytes wait until it is healed, those that wait at a gate too. */
  cut(from: string, to: string): LiftCut | null {
    const found = this.#find(from, to)
    if (found === null) return null
    const { link, stream } = found
    const healed = Promise.withResolvers<void>()
    link.cuts.get(stream)?.add(healed.promise)
    const heal = this.#addLatency(link, stream, CUT_MS)
    this.#settle(link)
    return () => {
      heal()
      link.cuts.get(stream)?.delete(healed.promise)
      this.#settle(link)
      healed.resolve()
    }
  }

  /** New connections are refused; Toxiproxy closes the open ones too. */
  refuse(from: string, to: string): LiftCut | null {
    const found = this.#find(from, to)
    if (found === null) return null
    const { link } = found
    link.refusals += 1
    this.#settle(link)
    return () => {
      link.refusals -= 1
      this.#settle(link)
    }
  }

  /** Connections of every process to this broker are refused, as where its machine is gone. */
  refuseAll(broker: string): LiftCut {
    const ends = [...this.#links.keys()].flatMap((name) => parseLinkName(name)?.from ?? [])
    const heals = ends.map((process) => this.refuse(process, broker))
    return () => {
      for (const heal of heals) heal?.()
    }
  }

  /** Connections end at the next byte, which `nudge` lets pass. */
  reset(a: string, b: string, nudge: () => void): boolean {
    const found = this.#find(a, b)
    if (found === null) return false
    const { proxy } = found.link
    this.#options.busy.add(async () => {
      const toxic = await this.#call(() =>
        proxy.addToxic({
          name: `reset-${this.#toxics++}`,
          type: 'reset_peer',
          stream: 'downstream',
          toxicity: 1,
          attributes: { timeout: 0 },
        }),
      )
      nudge()
      await new Promise((resolve) => setTimeout(resolve, RESET_MS))
      await this.#call(() => toxic.remove())
    })
    return true
  }

  /** Resolves when nothing cuts the way from one to the other. */
  async passable(from: string, to: string): Promise<void> {
    const found = this.#find(from, to)
    const cuts = found?.link.cuts.get(found.stream)
    while (cuts !== undefined && cuts.size > 0) await Promise.all(cuts)
  }

  /** Takes all proxies away. */
  async close(): Promise<void> {
    const links = [...this.#links.values()]
    this.#links.clear()
    for (const { proxy } of links) await this.#call(() => proxy.remove())
  }

  #find(from: string, to: string): { link: ToxicLink; stream: ToxicStream } | null {
    const forwards = this.#links.get(nameOf(from, to))
    if (forwards !== undefined) return { link: forwards, stream: 'upstream' }
    const backwards = this.#links.get(nameOf(to, from))
    return backwards === undefined ? null : { link: backwards, stream: 'downstream' }
  }

  #addLatency({ proxy }: ToxicLink, stream: ToxicStream, latency: number): LiftCut {
    const name = `latency-${this.#toxics++}`
    const { busy } = this.#options
    busy.add(() =>
      this.#call(() =>
        proxy.addToxic({ name, type: 'latency', stream, toxicity: 1, attributes: { latency, jitter: 0 } }),
      ),
    )
    return () => busy.add(() => this.#call(async () => (await proxy.getToxic(name)).remove()))
  }

  /** A process that is cut off learns of no refusal. */
  #settle(link: ToxicLink): void {
    const { proxy, refusals, cuts } = link
    const enabled = refusals === 0 || cuts.get('upstream')?.size !== 0
    if (enabled === link.enabled) return
    link.enabled = enabled
    const { listen, upstream } = proxy
    this.#options.busy.add(() => this.#call(() => proxy.update({ enabled, listen, upstream })))
  }

  async #call<T>(call: () => Promise<T>): Promise<T> {
    const startedMs = performance.now()
    try {
      return await this.#answered(call)
    } finally {
      const tookMs = performance.now() - startedMs
      const { calls, ms, slowestMs } = this.#calls
      this.#calls = { calls: calls + 1, ms: ms + tookMs, slowestMs: Math.max(slowestMs, tookMs) }
    }
  }

  /** The client waits for as long as it takes. */
  async #answered<T>(call: () => Promise<T>): Promise<T> {
    if (this.#silent !== null) throw this.#silent
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        this.#silent = new RealClusterError(`Toxiproxy did not answer within ${ANSWER_MS / 1000} s`)
        reject(this.#silent)
      }, ANSWER_MS)
    })
    try {
      return await Promise.race([call(), late])
    } finally {
      clearTimeout(timer)
    }
  }
}

const RESET_MS = 50

function nameOf(process: string, broker: string): string {
  return linkName({ from: process, to: broker, oneWay: false })
}
