import { type AppContext, atLeastOnce, defineScenario, type Scenario } from 'onceover'
import { type Handle, handling, target, untyped } from './handling.ts'

/** An effect that nobody waits for, in words that no UTF-8 has: it is lost where a process ends. */
const lost: Handle = ({ effects }, payload) => void effects.record(target(payload), 'lone \ud800')

/** Where this is not in the history, another run of the same schedule is another history. */
let effectsEver = 0
const counted = ({ effects }: AppContext, payload: Parameters<Handle>[1]): Promise<void> => {
  effectsEver += 1
  return effects.record(target(payload), `effect ${effectsEver}`)
}

function scenario(name: string, handle: Handle): Scenario {
  return defineScenario({
    name,
    topics: { work: { partitions: 1 } },
    records: {
      work: [{ key: '\udfff', value: 'lone \ud800', headers: { '\ud800': '\udfff' } }, { value: '\ufffe' }],
    },
    consumers: 1,
    faults: ['crash'],
    guarantee: atLeastOnce({ drainMs: 60_000 }),
    app: handling(handle),
  })
}

/** The app does this to its process, and then what every other one does. */
const first =
  (hazard: () => void, then: Handle): Handle =>
  (context, payload) => {
    hazard()
    return then(context, payload)
  }

function asks(prototype: object, toJSON: () => unknown): void {
  Object.defineProperty(prototype, 'toJSON', { value: toJSON, configurable: true })
}

const saysNull = (): void => {
  JSON.stringify = () => 'null'
}
const objectsSayX = (): void => asks(Object.prototype, () => 'x')

class CircularError extends Error {
  override readonly cause: unknown = this
  readonly big = 5n
}

const circular: Record<string, unknown> = {}
circular['self'] = circular

/** Services that do something to JSON, or report what JSON has no words for. */
const scenarios: readonly Scenario[] = [
  scenario('half of a character', lost),
  scenario('JSON.stringify says null', first(saysNull, lost)),
  scenario('JSON.stringify says null, of runs that differ', first(saysNull, counted)),
  scenario(
    'JSON.parse throws',
    first(() => {
      JSON.parse = () => {
        throw new Error('of the app')
      }
    }, lost),
  ),
  scenario('all objects have a toJSON', first(objectsSayX, lost)),
  scenario('all objects have a toJSON, and runs differ', first(objectsSayX, counted)),
  scenario(
    'all lists have a toJSON',
    first(() => asks(Array.prototype, () => 'x'), lost),
  ),
  scenario(
    'big numbers have a toJSON that throws',
    first(
      () =>
        asks(BigInt.prototype, () => {
          throw new Error('of the app')
        }),
      lost,
    ),
  ),
  scenario('a circular error', () => {
    throw new CircularError('lone \ud800')
  }),
  scenario('JSON.stringify throws', () => {
    JSON.stringify = () => {
      throw new Error('of the app')
    }
  }),
  scenario('a label that is a big number', ({ effects }, payload) =>
    effects.record(target(payload), untyped(BigInt(payload.message.offset))),
  ),
  scenario('a label that is circular', ({ effects }, payload) =>
    effects.record(target(payload), untyped(circular)),
  ),
  scenario('a label that is a value', ({ effects }, payload) =>
    effects.record(target(payload), untyped(payload.message.value)),
  ),
  scenario('a reason that is a symbol', ({ effects }, payload) =>
    effects.skip(target(payload), untyped(Symbol('why'))),
  ),
  scenario('a label that is circular, in a transaction', ({ store }, payload) =>
    store.transaction(async (tx) => tx.effect(target(payload), untyped(circular))),
  ),
]

export default scenarios
