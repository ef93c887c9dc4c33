import { clientAdapters } from '../clients/index.ts'
import type { AppContext } from '../core/scenario.ts'
import type { OutsideAddress } from '../sim/simulation.interface.ts'

/**
 * Where Kafka usually listens: by itself, with TLS or SASL, as a second broker, in Docker's
 * examples.
 */
const KAFKA_PORTS: ReadonlySet<number> = new Set([9092, 9093, 9094, 9095, 9096, 9098, 19092, 29092, 39092])

/**
 * Suggests an address to use instead of that of a Kafka outside the scenario; null: it is no
 * Kafka's.
 */
export function adviceForBrokers(
  { port, packages }: OutsideAddress,
  { brokers, clusters }: Pick<AppContext, 'brokers' | 'clusters'>,
): string | null {
  const byClient = clientAdapters.some(({ name }) => packages[0] === name)
  if (!byClient && (port === null || !KAFKA_PORTS.has(port))) return null
  const [[cluster, its] = ['', { brokers }]] = Object.entries(clusters)
  const list = its.brokers.join(',')
  return `give the Kafka client context.${cluster === '' ? '' : `clusters.${cluster}.`}brokers, or let it read its brokers from a variable and write env: { KAFKA_BROKERS: '${list}' } in the scenario`
}
