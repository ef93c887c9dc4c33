import type { Observation, RecordPosition } from '../core/history.ts'
import type { Effects, EffectTarget } from '../core/scenario.ts'
import type { Stream } from '../core/seed.ts'
import type { SimProcess, Simulation } from '../sim/simulation.interface.ts'
import type { RecordPlans } from './record-plans.ts'

/** One way to the outside world, and the time after which a lost answer is noticed, in virtual microseconds. */
export const OUTSIDE = { latencyUsMin: 200, latencyUsMax: 900, timeoutUs: 5_000_000 } as const

/** The outside world refused an effect, or its answer was lost. */
export class EffectError extends Error {
  readonly code: 'EFFECT_FAILED' | 'EFFECT_TIMEOUT'
  constructor(code: EffectError['code'], message: string) {
    super(message)
    this.name = 'EffectError'
    this.code = code
  }
}

export interface OutsideWorld {
  readonly simulation: Simulation
  readonly plans: RecordPlans
  readonly random: Stream
  observe(observation: Observation): void
  /** Counts what is on its way to the outside world. */
  underway: number
  /** Counts what a process is about to send there; it dies with the process. */
  readonly preparing: Map<SimProcess, number>
  /** Something told the harness of an effect, so that handlers are not taken for effects. */
  reported: boolean
}

/**
 * `context.effects` of one incarnation. An effect takes three steps, each with a latency: the process prepares it (as a
 * connection is taken from a pool), it travels, and its answer comes back. A crash during the first step undoes it; one
 * that was sent becomes real all the same.
 */
export function createEffects(process: SimProcess, outside: OutsideWorld): Effects {
  const by = { process: process.name, incarnation: process.incarnation }
  return {
    record(target, label = 'effect') {
      outside.reported = true
      const position = positionOf(target)
      return new Promise((resolve, reject) => {
        if (!process.alive) return
        perform({ process, outside, position, label, resolve, reject })
      })
    },
    skip(target, reason = 'given up') {
      if (process.alive) outside.observe({ kind: 'skip', reason, ...by, ...positionOf(target) })
    },
  }
}

interface Attempt {
  readonly process: SimProcess
  readonly outside: OutsideWorld
  readonly position: RecordPosition
  readonly label: string
  resolve(): void
  reject(error: EffectError): void
}

function perform(attempt: Attempt): void {
  const { process, outside } = attempt
  const { simulation } = outside
  const { preparing } = outside
  preparing.set(process, (preparing.get(process) ?? 0) + 1)
  simulation.afterIn(process, latencyUs(outside), () => {
    preparing.set(process, (preparing.get(process) ?? 1) - 1)
    send(attempt)
  })
}

function send({ process, outside, position, label, resolve, reject }: Attempt): void {
  const { simulation, plans } = outside
  const by = { process: process.name, incarnation: process.incarnation }
  const slow = plans.take(position, ['slow'])
  const plan = plans.take(position, ['effect-error', 'effect-ack-lost'])
  outside.underway += 1
  simulation.after(latencyUs(outside) + (slow?.delayUs ?? 0), () => {
    outside.underway -= 1
    if (plan?.what === 'effect-error') {
      const error = new EffectError('EFFECT_FAILED', 'the effect store refused the effect')
      outside.observe({ kind: 'effect-failure', label, error: error.message, ...by, ...position })
      simulation.afterIn(process, latencyUs(outside), () => reject(error))
      return
    }
    outside.observe({ kind: 'effect', label, via: 'record', ...by, ...position })
    if (plan?.what === 'effect-ack-lost') {
      const error = new EffectError('EFFECT_TIMEOUT', 'the effect store did not answer in time')
      simulation.afterIn(process, OUTSIDE.timeoutUs, () => reject(error))
      return
    }
    simulation.afterIn(process, latencyUs(outside), resolve)
  })
}

export function latencyUs({ random }: OutsideWorld): number {
  return random.between(OUTSIDE.latencyUsMin, OUTSIDE.latencyUsMax)
}

export function positionOf({ topic, partition, offset }: EffectTarget): RecordPosition {
  return { topic, partition, offset: BigInt(offset) }
}
