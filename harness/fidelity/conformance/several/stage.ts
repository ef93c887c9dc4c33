import net from 'node:net'
import { socketPipe } from '../../../kafka/index.ts'
import { createWorld, Line, type ProbeWorld, type Waiter } from '../../../kafka/probe/index.ts'
import { passReally, passVirtually } from '../../differential/target.ts'

export const BROKERS = [0, 1, 2] as const

/** The stage of a story: three brokers, 0 to 2, that can die and come back. */
export interface Stage extends Waiter {
  /** Unix time in milliseconds, as the cluster has it. */
  nowMs(): number
  connect(broker: number): Line
  /** The broker is gone at once, without a word to anybody. */
  kill(broker: number): Promise<void>
  start(broker: number): Promise<void>
  /** The broker and the controller hear nothing of each other, or do again. */
  cut(broker: number, isCut: boolean): Promise<void>
}

/** The settings of both clusters, by Kafka's names. */
export const SETTINGS: Readonly<Record<string, string | number | boolean>> = {
  'default.replication.factor': 3,
  'offsets.topic.replication.factor': 3,
  'group.initial.rebalance.delay.ms': 0,
  'broker.session.timeout.ms': 5_000,
  'auto.create.topics.enable': false,
  'auto.leader.rebalance.enable': false,
}

/** The simulated cluster in virtual time, whose internal topics are made when somebody asks. */
export class SimulatedStage implements Stage {
  readonly #world: ProbeWorld = createWorld({
    brokers: BROKERS.length,
    settings: { ...SETTINGS, 'onceover.internal.topic.creation.ms': 50 },
  })

  nowMs(): number {
    return this.#world.clock.nowMs()
  }

  connect(broker: number): Line {
    return this.#world.connect('client', broker)
  }

  async wait(ms: number, until: () => boolean = () => false): Promise<void> {
    passVirtually(this.#world, ms, until)
  }

  async kill(broker: number): Promise<void> {
    this.#world.cluster.admin.stopBroker(broker)
  }

  async start(broker: number): Promise<void> {
    this.#world.cluster.admin.startBroker(broker)
  }

  async cut(broker: number, isCut: boolean): Promise<void> {
    this.#world.cluster.admin.cutFromController(broker, isCut)
  }
}

interface StagedBroker {
  readonly address: string
  kill(): Promise<void>
  start(): Promise<void>
  cut(isCut: boolean): void
}

/** Brokers that real time runs in. */
export class RealStage implements Stage {
  readonly #brokers: readonly StagedBroker[]

  constructor(brokers: readonly StagedBroker[]) {
    this.#brokers = brokers
  }

  nowMs(): number {
    return Date.now()
  }

  connect(broker: number): Line {
    const [host = '', port = ''] = (this.#brokers[broker]?.address ?? '').split(':')
    return new Line(socketPipe(net.connect(Number(port), host)))
  }

  async wait(ms: number, until: () => boolean = () => false): Promise<void> {
    await passReally(ms, until)
  }

  async kill(broker: number): Promise<void> {
    await this.#brokers[broker]?.kill()
  }

  async start(broker: number): Promise<void> {
    await this.#brokers[broker]?.start()
  }

  async cut(broker: number, isCut: boolean): Promise<void> {
    this.#brokers[broker]?.cut(isCut)
  }
}
