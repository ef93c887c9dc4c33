import type net from 'node:net'
import { didYouMean } from '../core/did-you-mean.ts'
import { UsageError } from '../core/errors.ts'
import type { Observer } from '../core/history.ts'
import { createChance } from '../core/seed.ts'
import {
  type BrokerAddress,
  type ClusterAdmin,
  createCluster,
  isLegalTopicName,
  PARTITIONS_MAX,
} from '../kafka/index.ts'
import { connect } from './connection.ts'
import { type PlacedFault, PlacedFaults, type ServeFault } from './faults.ts'
import { closeAll, type Listening, listenForBrokers } from './listen.ts'
import { REAL_CLOCK } from './real-clock.ts'

export interface ServeOptions {
  /** How many, 1 to 100; node ids 0, 1, … Default 1. */
  readonly brokers?: number
  /** Port of broker 0; broker 1 has the next one, and so on. Default 0: a free port for each. */
  readonly port?: number
  /** Address to listen on; default 127.0.0.1. */
  readonly host?: string
  /**
   * The host that clients are told to connect to; default `host`, or localhost where that is
   * 0.0.0.0 or ::.
   */
  readonly advertisedHost?: string
  /** Partitions by topic. */
  readonly topics?: Readonly<Record<string, number>>
  /** Broker settings by their Kafka names, such as `'group.initial.rebalance.delay.ms': 0`. */
  readonly settings?: Readonly<Record<string, string | number | boolean>>
  /** The seed of member ids and the like; default: a new one each time. */
  readonly seed?: string | number
  /** Told of what becomes durable, at that moment. */
  readonly observer?: Observer
}

/** A cluster that listens. `await using` stops it, too. */
export interface ServedCluster extends AsyncDisposable {
  /** `host:port` of each broker: a client's bootstrap list. */
  readonly addresses: readonly string[]
  readonly brokers: readonly BrokerAddress[]
  readonly seed: string
  /** Topics, records, leaders, coordinators, groups and offsets, past the wire. */
  readonly admin: ClusterAdmin
  /** @throws UsageError for a request, an error or a number that is none */
  fault(fault: ServeFault): PlacedFault
  /**
   * Resolves when every connection and port is closed and no timer is left; may be called again.
   */
  stop(): Promise<void>
}

const BROKERS_MAX = 100
const PORT_MAX = 65_535
const SEED_LIMIT = 1_000_000

/**
 * The simulated cluster on real TCP ports, in real time, for clients in any language.
 * @throws UsageError `port-in-use`; others for options that make no sense
 */
export async function serve(options: ServeOptions = {}): Promise<ServedCluster> {
  check(options)
  const { host = '127.0.0.1', port = 0, brokers: count = 1, topics = {} } = options
  const listening = await listenForBrokers(count, host, port)
  try {
    return start(options, listening, topics)
  } catch (error) {
    await closeAll(listening)
    throw error
  }
}

function start(
  { host = '127.0.0.1', advertisedHost, settings, observer, seed: given }: ServeOptions,
  listening: readonly Listening[],
  topics: Readonly<Record<string, number>>,
): ServedCluster {
  const seed = String(given ?? Math.floor(Math.random() * SEED_LIMIT))
  const advertised = advertisedHost ?? (isWildcard(host) ? 'localhost' : host)
  const brokers = listening.map((each, id) => ({ id, host: advertised, port: each.port }))
  const faults = new PlacedFaults()
  const cluster = createCluster({
    brokers,
    clock: REAL_CLOCK,
    chance: createChance(seed),
    observer: observer ?? NOBODY,
    hooks: faults.hooks,
    ...(settings === undefined ? {} : { settings }),
  })
  for (const [name, partitions] of Object.entries(topics)) cluster.admin.createTopic(name, { partitions })
  const sockets = new Set<net.Socket>()
  for (const [broker, { server }] of listening.entries()) {
    server.on('connection', (socket) => {
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket))
      connect(cluster, broker, socket)
    })
  }
  let stopped: Promise<void> | null = null
  const stop = (): Promise<void> => {
    if (stopped !== null) return stopped
    const closed = closeAll(listening)
    const left = [...sockets].map((socket) => new Promise<void>((done) => socket.once('close', () => done())))
    for (const socket of sockets) socket.destroy()
    stopped = Promise.all([closed, ...left]).then(() => cluster.dispose())
    return stopped
  }
  return {
    addresses: brokers.map(addressOf),
    brokers,
    seed,
    admin: cluster.admin,
    fault: (fault) => faults.place(fault),
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

const NOBODY: Observer = { observe() {} }

function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::'
}

function addressOf({ host, port }: BrokerAddress): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

const KNOWN: Readonly<Record<keyof ServeOptions, true>> = {
  brokers: true,
  port: true,
  host: true,
  advertisedHost: true,
  topics: true,
  settings: true,
  seed: true,
  observer: true,
}

function check(options: ServeOptions): void {
  const known = Object.keys(KNOWN)
  const unknown = Object.keys(options).find((name) => !known.includes(name))
  if (unknown !== undefined)
    throw wrong(
      `serve() has no option '${unknown}'; ${didYouMean(unknown, known) ?? `it knows ${known.join(', ')}`}`,
    )
  const { brokers = 1, port = 0, topics = {} } = options
  if (!isWhole(brokers, 1, BROKERS_MAX))
    throw wrong(`a cluster has 1 to ${BROKERS_MAX} brokers, not ${brokers}`)
  const portMax = PORT_MAX - brokers + 1
  if (!isWhole(port, 0, portMax))
    throw wrong(`the first of ${brokers} ports is between 1 and ${portMax}, or 0 for free ports, not ${port}`)
  for (const [name, partitions] of Object.entries(topics)) {
    if (!isLegalTopicName(name))
      throw wrong(
        `a topic cannot be called '${name}'; use up to 249 letters, digits, dots, dashes and underscores`,
      )
    if (!isWhole(partitions, 1, PARTITIONS_MAX))
      throw wrong(`the topic '${name}' has 1 to ${PARTITIONS_MAX} partitions, not ${partitions}`)
  }
}

function isWhole(value: number, min: number, max: number): boolean {
  return Number.isSafeInteger(value) && value >= min && value <= max
}

function wrong(message: string): UsageError {
  return new UsageError('unknown-option', message)
}
