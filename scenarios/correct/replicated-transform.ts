import { defineScenario, exactlyOnce } from 'onceover'
import { byPartition, INPUT, OUTPUT, startTransform } from '../transform.ts'

/**
 * Consume, transform, produce on three brokers with three replicas of everything: markers,
 * transactions and offsets wait for those that are in sync, and outlive the crash of any broker.
 */
export default defineScenario({
  name: 'click counter: three replicas',
  topics: { [INPUT]: { partitions: 1 }, [OUTPUT]: { partitions: 1 } },
  records: { [INPUT]: 4 },
  consumers: 2,
  brokers: 3,
  broker: { 'default.replication.factor': 3, 'min.insync.replicas': 2 },
  guarantee: exactlyOnce({ outputs: [OUTPUT] }),
  app: (context) => startTransform(context, { transactionalId: byPartition }),
})
