/**
 * `npm run real:leg`: a few counterexamples on a real Kafka of this machine, or why that can't
 * be. Ends with 1 where one is not confirmed.
 */
import { exactlyOnce } from '../../properties/index.ts'
import { type Confirmation, confirmationWords, outcomeOf } from '../core/confirmation.ts'
import type { Fault } from '../core/fault.ts'
import type { Guarantee } from '../core/guarantee.ts'
import type { PropertyName } from '../core/verdict.ts'
import { KeptProvider } from './providers/kept.ts'
import { localProvider } from './providers/local.ts'
import { COMMITS, clicks, images, orders, REFUSED, replayed } from './replayed.ts'

interface Leg {
  readonly name: string
  readonly file: string
  readonly faults: readonly Fault[]
  readonly property: PropertyName
  readonly schedule: typeof clicks
  /** Whether the replay must fail; else it must not. */
  readonly fails: boolean
  /** Another claim than the scenario's own. */
  readonly guarantee?: Guarantee
}

const CRASH: Fault = {
  kind: 'crash',
  target: 'consumer-0',
  at: { event: 'consumer-0 OffsetCommit#1 applied' },
  restartMs: 100,
}

const EFFECT_REFUSED: Fault = {
  kind: 'effect-error',
  target: 'images/0@0',
  at: { event: 'consumer-0 batch start images/0@0' },
  times: 'once',
}
/** Longer than a session: the record is delivered again. */
const CUT: Fault = {
  kind: 'link-cut',
  target: 'consumer-0~broker-0',
  at: { event: 'consumer-0 OffsetCommit#1 sent' },
  durationMs: 35_000,
}

/** The longest first: two lanes share them. */
const LEGS: readonly Leg[] = [
  {
    name: 'orders, fixed, under a claim that they do not make',
    file: 'scenarios/orders/orders-fixed.scenario.ts',
    faults: [CUT],
    property: 'duplicate-effect',
    schedule: orders,
    guarantee: exactlyOnce(),
    fails: true,
  },
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
    name: 'images, resolved inside Promise.all',
    file: 'scenarios/mutants/m04-promise-all/kafkajs.ts',
    faults: [EFFECT_REFUSED],
    property: 'lost-record',
    schedule: images,
    fails: true,
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
const startedMs = performance.now()
const waiting = [...LEGS]
const wrong: string[] = []
await Promise.all([lane(), lane()])
process.stdout.write(`${((performance.now() - startedMs) / 1000).toFixed(0)} s in all\n`)
process.exit(wrong.length === 0 ? 0 : 1)

/** Legs one after the other, on a broker of their own. */
async function lane(): Promise<void> {
  const provider = new KeptProvider(localProvider)
  try {
    for (let leg = waiting.shift(); leg !== undefined; leg = waiting.shift()) await run(leg, provider)
  } finally {
    await provider.close()
  }
}

/** A try that went another way, as on a machine with other work to do, is repeated once. */
async function run(leg: Leg, provider: KeptProvider): Promise<void> {
  const { name, file, faults, schedule, fails, ...options } = leg
  const once = async (): Promise<Confirmation> =>
    (await replayed(file, schedule(faults), { ...options, provider })).confirmation
  const first = await once()
  const confirmation = outcomeOf(first) === 'undecided' ? await once() : first
  const right = fails ? outcomeOf(confirmation) === 'confirmed' : confirmation.reproduced === 0
  if (!right) wrong.push(name)
  const seconds = ((confirmation.tries[0]?.ms ?? 0) / 1000).toFixed(0)
  const words = `${confirmationWords(confirmation)} (${seconds} s)`
  process.stdout.write(`${right ? 'ok' : 'WRONG'}: ${name}: ${words}\n`)
}
