import type { Stream } from '../../core/seed.ts'
import type { ConsumerStep } from './consumer-steps.ts'

const CONSUMERS = 3

const consumer = (random: Stream): number => random.between(0, CONSUMERS - 1)
const version = (random: Stream): number => random.between(0, 1)
const epoch = (random: Stream): 'own' | 'older' | 'newer' =>
  random.oneIn(5, 6) ? 'own' : random.pick(['older', 'newer'] as const)

/** The makers of steps for scripts about consumers. */
export const CONSUMER_MAKERS: readonly ((random: Stream) => ConsumerStep[])[] = [
  subscribe,
  subscribe,
  report,
  report,
  report,
  settle,
  (random) => rounds(random),
  unsubscribe,
  (random) => [
    {
      do: 'consumer-commit',
      consumer: random.oneIn(1, 5) ? null : consumer(random),
      epoch: epoch(random),
      version: random.between(8, 9),
    },
  ],
  (random) => [
    {
      do: 'consumer-offsets',
      consumer: random.oneIn(1, 3) ? null : consumer(random),
      epoch: random.oneIn(3, 4) ? 'own' : 'older',
    },
  ],
  (random) => [{ do: 'describe-consumers', version: version(random) }],
]

/**
 * One consumer beside one classic member: with more members, chance decides which of them gets an
 * extra partition.
 */
export const MIGRANT_MAKERS: readonly ((random: Stream) => ConsumerStep[])[] = [
  (random) => [
    {
      do: 'subscribe',
      consumer: 0,
      instance: random.oneIn(1, 2) ? null : 0,
      assignor: null,
      to: 'topic',
      version: version(random),
    },
  ],
  (random) => [migrantReport(random)],
  (random) => [migrantReport(random)],
  (random) => [{ do: 'unsubscribe', consumer: 0, away: random.oneIn(1, 3), version: version(random) }],
  () => [{ do: 'describe-consumers', version: 1 }],
  (random) => [{ do: 'consumer-commit', consumer: 0, epoch: epoch(random), version: 9 }],
]

function migrantReport(random: Stream): ConsumerStep {
  return { do: 'report', consumer: 0, epoch: 'own', owned: 'told', full: false, version: version(random) }
}

function subscribe(random: Stream): ConsumerStep[] {
  const to = random.oneIn(5, 6)
    ? 'topic'
    : random.pick(['missing', 'nothing', 'pattern', 'broken pattern'] as const)
  return [
    {
      do: 'subscribe',
      consumer: consumer(random),
      instance: random.oneIn(1, 3) ? random.between(0, 1) : null,
      assignor: random.oneIn(2, 3) ? null : random.pick(['uniform', 'range', 'sticky'] as const),
      to,
      version: to.endsWith('pattern') ? 1 : version(random),
    },
  ]
}

function report(random: Stream): ConsumerStep[] {
  return [
    {
      do: 'report',
      consumer: consumer(random),
      epoch: epoch(random),
      owned: random.oneIn(3, 4) ? 'told' : random.pick(['silent', 'all', 'none'] as const),
      full: random.oneIn(1, 8),
      version: version(random),
    },
  ]
}

/** Some consumers subscribe and report until nothing moves. */
function settle(random: Stream): ConsumerStep[] {
  const consumers = [0, 1, 2].slice(random.between(0, 2))
  const joins = consumers.map(
    (each): ConsumerStep => ({
      do: 'subscribe',
      consumer: each,
      instance: null,
      assignor: random.oneIn(1, 4) ? 'range' : null,
      to: 'topic',
      version: version(random),
    }),
  )
  return [...joins, ...rounds(random, consumers)]
}

function rounds(random: Stream, consumers: readonly number[] = [0, 1, 2]): ConsumerStep[] {
  return [0, 1, 2].flatMap(() =>
    consumers.map(
      (each): ConsumerStep => ({
        do: 'report',
        consumer: each,
        epoch: 'own',
        owned: 'told',
        full: false,
        version: version(random),
      }),
    ),
  )
}

function unsubscribe(random: Stream): ConsumerStep[] {
  return [
    { do: 'unsubscribe', consumer: consumer(random), away: random.oneIn(1, 2), version: version(random) },
  ]
}
