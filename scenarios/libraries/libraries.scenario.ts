import { atLeastOnce, defineScenario, type Scenario } from 'onceover'
import { postgres } from 'onceover/postgres'
import { LIBRARIES, type Library } from './list.ts'

function scenarioOf({ name, database = false }: Library): Scenario {
  const services = database ? { services: { db: postgres({ schema: './schema.sql' }) } } : {}
  return defineScenario({
    name,
    topics: { orders: { partitions: 2 } },
    records: { orders: Array.from({ length: 6 }, (_, id) => ({ value: JSON.stringify({ id }) })) },
    consumers: 2,
    app: { module: `./npm/src/${name}.ts` },
    env: { DATABASE_URL: 'postgres://app@db:5432/shop' },
    ...services,
    // A library on kafkajs keeps its consumer to itself.
    guarantee: atLeastOnce({ allow: name === 'moleculer' ? ['dead-consumer'] : [] }),
  })
}

/** Correct services, each with a library that most services have one of. */
const scenarios: readonly Scenario[] = LIBRARIES.map(scenarioOf)

export default scenarios
