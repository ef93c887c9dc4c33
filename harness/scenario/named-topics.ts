import { didYouMean } from '../core/did-you-mean.ts'
import { UsageError } from '../core/errors.ts'
import type { History } from '../core/history.ts'
import type { Scenario } from '../core/scenario.ts'
import { flatScenario } from './clusters.ts'

/**
 * The topics that the scenario's guarantee names against a run without faults. Nobody writes to a
 * misspelt output topic, and every record would be accused of being lost. A dead-letter topic may
 * be made by its first record, which comes with a fault: only a name that is another one but for a
 * slip in its words is refused.
 * @throws UsageError where there is no such topic
 */
export function demandNamedTopics(scenario: Scenario, { events }: History): void {
  const { name, topics, guarantee } = flatScenario(scenario)
  const { deadLetter, outputs = [] } = guarantee.options
  const known = new Set(Object.keys(topics))
  for (const event of events)
    if (event.kind === 'append' || event.kind === 'topic-created') known.add(event.topic)
  for (const topic of [...outputs, ...(deadLetter === undefined ? [] : [deadLetter])]) {
    if (known.has(topic)) continue
    const made = topic === deadLetter
    const near = didYouMean(topic, made ? [...known].filter((each) => isSlip(topic, each)) : [...known])
    if (near === null && made) continue
    throw new UsageError(
      'bad-scenario',
      `the guarantee of '${name}' names the topic '${topic}', which is none of the scenario, and nobody writes there in the run without faults; ${near ?? `there are ${[...known].join(', ')}`}; one that gets records later is to stand in topics`,
    )
  }
}

/** Each word is nearly the other's: `orders-dlq` is none of `orders-in`. */
function isSlip(name: string, meant: string): boolean {
  const [words, others] = [name.split(/[-._]/), meant.split(/[-._]/)]
  return (
    words.length === others.length &&
    words.every((word, index) => word === others[index] || didYouMean(word, [others[index] ?? '']) !== null)
  )
}
