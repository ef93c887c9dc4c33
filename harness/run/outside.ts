import { UsageError } from '../core/errors.ts'
import type { Observation, RecordPosition } from '../core/history.ts'
import { incarnationName, recordName } from '../core/names.ts'
import type { EffectTarget } from '../core/scenario.ts'
import type { Stream } from '../core/seed.ts'
import { type ClustersConsumed, effectTarget, type Written, wordsOfEffect } from './effect-target.ts'
import type { RecordPlans } from './record-plans.ts'
import type { Incarnation, OutsideStep, Scheduler } from './scheduler.interface.ts'

/**
 * One way to the outside world, and the time after which a lost answer is noticed, in microseconds.
 */
export const OUTSIDE = { latencyUsMin: 200, latencyUsMax: 900, timeoutUs: 5_000_000 } as const

export interface OutsideOptions {
  readonly scheduler: Pick<Scheduler, 'after'>
  readonly plans: RecordPlans
  readonly random: Stream
  /** Records that effects may be of. */
  readonly written: Written
  /** The clusters that each process has consumed. */
  readonly consumed: ClustersConsumed
  /**
   * The app used what it was given in a way that says nothing about it: the run ends, whatever it
   * catches.
   */
  misused(error: UsageError): void
  observe(observation: Observation): void
}

/**
 * The common part of effects and the store: latencies, plans for single records, and calls under
 * way.
 */
export class Outside {
  readonly plans: RecordPlans
  readonly observe: (observation: Observation) => void
  /** Records that an incarnation has given up on purpose, by `process#incarnation record`. */
  readonly #givenUp: Set<string> = new Set()
  readonly #written: Written
  readonly #consumed: ClustersConsumed
  readonly #misused: OutsideOptions['misused']
  /** The app has reported an effect by itself, so that handlers are not taken for effects. */
  reported = false
  readonly #scheduler: Pick<Scheduler, 'after'>
  readonly #random: Stream
  /** Calls that have left their process and have not arrived. */
  #underway = 0
  /** Calls that each process is about to send; they die with it. */
  readonly #preparing: Map<string, number> = new Map()

  constructor({ scheduler, plans, random, written, consumed, misused, observe }: OutsideOptions) {
    this.#written = written
    this.#consumed = consumed
    this.#misused = misused
    this.#scheduler = scheduler
    this.#random = random
    this.plans = plans
    this.observe = observe
  }

  /** A call is being prepared, or on its way. */
  get busy(): boolean {
    if (this.#underway > 0) return true
    for (const preparing of this.#preparing.values()) if (preparing > 0) return true
    return false
  }

  /**
   * The record that a call is about.
   * @throws UsageError `bad-effect`, which ends the run, whatever the app makes of it
   */
  target(process: Incarnation, call: string, target: EffectTarget | undefined): RecordPosition {
    const { name } = process
    return this.#used(() => effectTarget(`${name}: ${call}`, target, this.#written, this.#consumed.of(name)))
  }

  /**
   * The label or the reason that a call gives.
   * @throws UsageError `bad-effect`, which ends the run, whatever the app makes of it
   */
  words(process: Incarnation, call: string, what: 'label' | 'reason', given: unknown): string {
    return this.#used(() => wordsOfEffect(`${process.name}: ${call}`, what, given))
  }

  #used<T>(read: () => T): T {
    try {
      return read()
    } catch (error) {
      if (error instanceof UsageError) this.#misused(error)
      throw error
    }
  }

  giveUp(process: Incarnation, record: RecordPosition, reason: string): void {
    const { name, incarnation } = process
    this.#givenUp.add(givenUpKey(process, record))
    this.observe({ kind: 'skip', reason, process: name, incarnation, ...record })
  }

  gaveUp(process: Incarnation, record: RecordPosition): boolean {
    return this.#givenUp.size > 0 && this.#givenUp.has(givenUpKey(process, record))
  }

  latencyUs(): number {
    return this.#random.between(OUTSIDE.latencyUsMin, OUTSIDE.latencyUsMax)
  }

  /** The process prepares a call, as a connection is taken from a pool, and then `send`s it. */
  prepare(process: Incarnation, record: OutsideStep['record'], send: () => void): void {
    const { name } = process
    this.#preparing.set(name, (this.#preparing.get(name) ?? 0) + 1)
    process.after(
      this.latencyUs(),
      () => {
        this.#preparing.set(name, (this.#preparing.get(name) ?? 1) - 1)
        send()
      },
      stepOf(process, 'prepared', record),
    )
  }

  /** A call travels, and arrives whether or not its process still lives. */
  arrive(process: Incarnation, record: OutsideStep['record'], extraUs: number, work: () => void): void {
    this.#underway += 1
    this.#scheduler.after(
      this.latencyUs() + extraUs,
      () => {
        this.#underway -= 1
        work()
      },
      stepOf(process, 'arrived', record),
    )
  }

  /** The answer comes back; default delay: one latency. */
  answer(
    process: Incarnation,
    record: OutsideStep['record'],
    settle: () => void,
    delayUs: number = this.latencyUs(),
  ): void {
    process.after(delayUs, settle, stepOf(process, 'answered', record))
  }

  /** Drops the calls that this process was about to send. */
  ended(process: string): void {
    this.#preparing.delete(process)
  }
}

function givenUpKey({ name, incarnation }: Incarnation, record: RecordPosition): string {
  return `${incarnationName({ process: name, incarnation })} ${recordName(record)}`
}

function stepOf(
  { name, incarnation }: Incarnation,
  phase: OutsideStep['phase'],
  record: OutsideStep['record'],
): OutsideStep {
  return { process: name, incarnation, phase, record }
}
