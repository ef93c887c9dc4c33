import { recordInHand } from '../../clients/record-in-hand.ts'
import type { RecordPosition } from '../../core/history.ts'
import type { AppContext, EffectTarget, Store, StoreTransaction } from '../../core/scenario.ts'
import type { HarnessSide } from './harness-side.ts'
import type { Setup } from './messages.ts'

/** The context of `main`: the outside world is the harness's own, in a simulation and here. */
export function childContext(
  harness: HarnessSide,
  { brokers, instance, incarnation, services }: Setup,
): AppContext {
  let abort: AbortController | null = null
  return {
    brokers: [...brokers],
    clusters: {},
    instance,
    incarnation,
    /**
     * Reading the signal listens to SIGTERM: without that, the signal ends the process as it ends
     * any other.
     */
    get signal() {
      if (abort === null) {
        const controller = new AbortController()
        abort = controller
        process.on('SIGTERM', () => controller.abort(new Error('SIGTERM')))
      }
      return abort.signal
    },
    effects: {
      async record(target, label = 'effect') {
        const at = positionOf(target)
        await harness.call((call) => ({ kind: 'record', call, target: at, label }))
      },
      skip(target, reason = 'given up') {
        harness.ask({ kind: 'skip', target: positionOf(target), reason })
      },
    },
    store: storeOf(harness),
    services,
  }
}

function storeOf(harness: HarnessSide): Store {
  let transactions = 0
  return {
    async transaction(work) {
      transactions += 1
      const transaction = transactions
      harness.ask({ kind: 'begin', transaction })
      const result = await work(transactionOf(harness, transaction))
      await harness.call((call) => ({ kind: 'commit', call, transaction }))
      return result
    },
  }
}

function transactionOf(harness: HarnessSide, transaction: number): StoreTransaction {
  return {
    get: (table, key) => harness.call((call) => ({ kind: 'get', call, transaction, table, key })),
    async put(table, key, value) {
      harness.ask({ kind: 'put', transaction, table, key, value })
    },
    async delete(table, key) {
      harness.ask({ kind: 'delete', transaction, table, key })
    },
    effect(target, label = 'effect') {
      harness.ask({ kind: 'effect', transaction, target: positionOf(target), label })
    },
  }
}

/** Without a target: the record of the handler that is running. */
function positionOf(target: EffectTarget | undefined): RecordPosition {
  if (target === undefined) {
    const inHand = recordInHand()
    if (inHand !== null) return inHand
    throw new Error('an effect was reported without a record and outside the handler of a single one')
  }
  const { topic, partition, offset } = target
  return { topic, partition, offset: BigInt(offset) }
}
