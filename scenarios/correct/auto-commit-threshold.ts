import { atLeastOnce, defineScenario } from 'onceover'
import { startService } from '../service.ts'

/**
 * Three brokers, and auto commit after two records or one second: with kafkajs it vouches only for
 * ended handlers.
 */
export default defineScenario({
  name: 'reminders: auto commit by threshold and interval',
  topics: { reminders: { partitions: 3 } },
  records: { reminders: 9 },
  consumers: 2,
  brokers: 3,
  guarantee: atLeastOnce(),
  app: (context) =>
    startService(context, {
      group: 'reminders',
      topics: ['reminders'],
      run: () => ({
        autoCommitThreshold: 2,
        autoCommitInterval: 1_000,
        eachMessage: async ({ topic, partition, message }) => {
          await context.effects.record({ topic, partition, offset: message.offset }, 'reminded')
        },
      }),
    }),
})
