import { atLeastOnce, defineScenario, type Scenario } from 'onceover'
import { postgres } from 'onceover/postgres'
import type { AddressChange } from './consumer.ts'

const CUSTOMERS = 3
const VERSIONS = 3

/** A read model: of each customer the newest address, however often older ones come again. */
export function profilesScenario(name: string, module: string): Scenario {
  return defineScenario({
    name,
    topics: { 'address-changes': { partitions: 2 } },
    records: {
      'address-changes': Array.from({ length: CUSTOMERS * VERSIONS }, (_, index) => {
        const customer = `c-${index % CUSTOMERS}`
        const version = 1 + Math.floor(index / CUSTOMERS)
        return { key: customer, value: JSON.stringify({ customer, address: `street ${index}`, version }) }
      }),
    },
    consumers: 2,
    app: { module },
    env: { KAFKA_BROKERS: 'broker-0:9092', DATABASE_URL: 'postgres://app@db:5432/crm' },
    services: { db: postgres({ schema: './schema.sql' }) },
    effects: 'handlers',
    invariants: {
      'each profile is the newest': ({ history, services }) => {
        const newest = new Map<string, number>()
        for (const event of history.events) {
          if (event.kind !== 'append' || event.value === null) continue
          const { customer, version }: AddressChange = JSON.parse(event.value)
          newest.set(customer, Math.max(version, newest.get(customer) ?? 0))
        }
        const profiles = services['db']?.ask('select customer, version from profiles') ?? []
        const older = profiles.some(
          ({ customer, version }) => Number(version) < (newest.get(String(customer)) ?? 0),
        )
        return older ? 'an address was overwritten with an older one' : undefined
      },
    },
    guarantee: atLeastOnce(),
  })
}
