import { errorText } from '../core/error-text.ts'
import type { EventOf } from '../core/history.ts'
import type { Invariant, InvariantWorld } from '../core/scenario.ts'
import { NotAskable } from './services.ts'
import type { World } from './world.ts'

/**
 * Evaluates the scenario's invariants, one after the other, in a run that came to its end; what
 * came of each is a part of the history.
 */
export async function evaluateInvariants(
  { recorder, beyond, askable: services }: Pick<World, 'recorder' | 'beyond' | 'askable'>,
  invariants: Readonly<Record<string, Invariant>>,
): Promise<void> {
  const last = recorder.events.at(-1)
  if (beyond !== null || last?.kind !== 'phase' || last.phase !== 'end') return
  const world: InvariantWorld = { history: { events: [...recorder.events] }, services }
  for (const [name, invariant] of Object.entries(invariants)) {
    const { outcome, text } = await evaluate(invariant, world)
    recorder.observe({ kind: 'invariant', name, outcome, text })
    if (recorder.finding !== null) return
  }
}

async function evaluate(
  invariant: Invariant,
  world: InvariantWorld,
): Promise<Pick<EventOf<'invariant'>, 'outcome' | 'text'>> {
  try {
    const said = await invariant(world)
    return typeof said === 'string' ? { outcome: 'broken', text: said } : { outcome: 'held', text: null }
  } catch (error) {
    if (error instanceof NotAskable) return { outcome: 'unknown', text: error.message }
    // Node's own assertions put each value on a line of its own.
    return {
      outcome: 'broken',
      text: errorText(error)
        .trim()
        .replaceAll(/\s*\n\s*/g, ' '),
    }
  }
}
