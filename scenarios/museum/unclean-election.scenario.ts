import { atLeastOnce, defineScenario } from 'onceover'
import { startService } from '../service.ts'

/**
 * kafkajs resumes at an offset and does not ask whose it is. A replica that is out of sync is
 * elected, what it lacks is lost, and the next records get the same offsets: the consumer is past
 * them and never knows (KAFKA.md L3). No fault of the app: the cluster forgot what it had
 * acknowledged, and a client that compares leader epochs (KIP-320) would see it.
 */
export default defineScenario({
  name: 'payments: an unclean election',
  topics: { payments: { partitions: 1 } },
  records: {
    payments: [
      ...[0, 1, 2, 3].map((id) => ({ value: `payment ${id}`, atMs: 0 })),
      { value: 'payment 4', atMs: 40_000 },
      ...[5, 6, 7].map((id) => ({ value: `payment ${id}`, atMs: 40_030 })),
    ],
  },
  consumers: 1,
  brokers: 3,
  broker: { 'default.replication.factor': 3, 'unclean.leader.election.enable': true },
  faults: ['replica-lag', 'unclean-election'],
  guarantee: atLeastOnce(),
  app: (context) =>
    startService(context, {
      group: 'payments',
      topics: ['payments'],
      run: () => ({
        eachMessage: async ({ topic, partition, message }) => {
          await context.effects.record({ topic, partition, offset: message.offset }, 'paid')
        },
      }),
    }),
})
