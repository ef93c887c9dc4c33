import type { RecordPosition } from '../core/history.ts'
import type { Effects } from '../core/scenario.ts'
import { OUTSIDE, type Outside } from './outside.ts'
import type { Incarnation } from './scheduler.interface.ts'

/** The outside world refused an effect, or its answer was lost. */
export class EffectError extends Error {
  readonly code: 'EFFECT_FAILED' | 'EFFECT_TIMEOUT'
  constructor(code: EffectError['code'], message: string) {
    super(message)
    this.name = 'EffectError'
    this.code = code
  }
}

/**
 * `context.effects` of one incarnation. An effect takes three steps, each with a latency: the
 * process prepares it (as a connection is taken from a pool), it travels, and its answer comes
 * back. A crash during the first step undoes it; one that was sent becomes real nevertheless.
 */
export function createEffects(process: Incarnation, outside: Outside): Effects {
  return {
    record(target, given = 'effect') {
      outside.reported = true
      return new Promise((resolve, reject) => {
        if (!process.alive) return
        const position = outside.target(process, 'effects.record', target)
        const label = outside.words(process, 'effects.record', 'label', given)
        outside.prepare(process, position, () => send({ process, outside, position, label, resolve, reject }))
      })
    },
    skip(target, given = 'given up') {
      if (!process.alive) return
      const position = outside.target(process, 'effects.skip', target)
      outside.giveUp(process, position, outside.words(process, 'effects.skip', 'reason', given))
    },
  }
}

interface EffectAttempt {
  readonly process: Incarnation
  readonly outside: Outside
  readonly position: RecordPosition
  readonly label: string
  resolve(): void
  reject(error: EffectError): void
}

function send({ process, outside, position, label, resolve, reject }: EffectAttempt): void {
  const { plans } = outside
  const by = { process: process.name, incarnation: process.incarnation }
  const slowUs = plans.take(position, ['slow'])?.delayUs ?? 0
  const plan = plans.take(position, ['fail-effect', 'lose-effect-answer'])
  outside.arrive(process, position, slowUs, () => {
    if (plan?.what === 'fail-effect') {
      const error = new EffectError('EFFECT_FAILED', 'the effect store refused the effect')
      outside.observe({ kind: 'effect-failure', label, error: error.message, ...by, ...position })
      outside.answer(process, position, () => reject(error))
      return
    }
    outside.observe({ kind: 'effect', label, via: 'record', ...by, ...position })
    if (plan?.what === 'lose-effect-answer') {
      const error = new EffectError('EFFECT_TIMEOUT', 'the effect store did not answer in time')
      outside.answer(process, position, () => reject(error), OUTSIDE.timeoutUs)
      return
    }
    outside.answer(process, position, resolve)
  })
}
