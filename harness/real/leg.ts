/**
 * `npm run real:leg`: a few counterexamples on a real Kafka of this machine, or why that can't
 * be. Ends with 1 where one is not confirmed.
 */
import { confirmationWords, outcomeOf } from '../core/confirmation.ts'
import type { Fault } from '../core/fault.ts'
import type { PropertyName } from '../core/verdict.ts'
import { KeptProvider } from './providers/kept.ts'
import { localProvider } from './providers/local.ts'
import { COMMITS, clicks, orders, REFUSED, replayed } from './testing/replayed.ts'

interface Leg {
  readonly name: string
  readonly file: string
  readonly faults: readonly Fault[]
  readonly property: PropertyName
  readonly schedule: typeof clicks
  /** Whether the replay must fail; else it must not. */
  readonly fails: boolean
}

const CRASH: Fault = {
  kind: 'crash',
  target: 'consumer-0',
  at: { event: 'consumer-0 OffsetCommit#1 applied' },
  restartMs: 100,
}

const LEGS: readonly Leg[] = [
  {
    name: 'orders, saved without waiting',
    file: 'scenarios/orders/orders.scenario.ts',
    faults: [CRASH],
    property: 'lost-record',
    schedule: orders,
    fails: true,
  },
  {
    name: 'orders, fixed',
    file: 'scenarios/orders/orders-fixed.scenario.ts',
    faults: [CRASH],
    property: 'lost-record',
    schedule: orders,
    fails: false,
  },
  {
    name: 'clicks, committed without waiting',
    file: `${COMMITS}.ts`,
    faults: [REFUSED],
    property: 'commit-regression',
    schedule: clicks,
    fails: true,
  },
]

const missing = await localProvider.missing()
if (missing !== null) {
  process.stdout.write(`skipped: ${missing}\n`)
  process.exit(0)
}
const provider = new KeptProvider(localProvider)
const startedMs = performance.now()
let wrong = 0
try {
  for (const { name, file, faults, property, schedule, fails } of LEGS) {
    const { confirmation } = await replayed(file, schedule(faults), { property, provider })
    const right = fails ? outcomeOf(confirmation) === 'confirmed' : confirmation.reproduced === 0
    if (!right) wrong += 1
    const seconds = ((confirmation.tries[0]?.ms ?? 0) / 1000).toFixed(0)
    process.stdout.write(
      `${right ? 'ok' : 'WRONG'}: ${name}: ${confirmationWords(confirmation)} (${seconds} s)\n`,
    )
  }
} finally {
  await provider.close()
}
process.stdout.write(`${((performance.now() - startedMs) / 1000).toFixed(0)} s in all\n`)
process.exit(wrong === 0 ? 0 : 1)
