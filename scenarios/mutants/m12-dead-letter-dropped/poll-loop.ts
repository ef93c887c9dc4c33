import { atLeastOnce, defineScenario } from 'onceover'
import { Producer } from 'onceover/poll-loop'
import { eachThenCommit } from '../../poll-loop/each.ts'
import { startPollLoop } from '../../poll-loop/service.ts'

const DEAD = 'parcels.dead'

/**
 * Gives what is no parcel to a dead-letter topic. Where that fails it writes a line into its log,
 * and goes on: the record is nowhere.
 */
export default defineScenario({
  name: 'M12 on a poll loop: parcels lose dead letters in silence',
  topics: { parcels: { partitions: 1 }, [DEAD]: { partitions: 1 } },
  records: { parcels: ['one', 'two', 'three', '{"to":"Seoul"}'].map((value) => ({ value })) },
  consumers: 1,
  guarantee: atLeastOnce({ deadLetter: DEAD }),
  faults: ['crash', 'pause', 'request-error'],
  app: (context) => {
    const producer = new Producer({ 'bootstrap.servers': context.brokers, 'delivery.timeout.ms': 100 })
    return startPollLoop(context, {
      group: 'parcels',
      topics: ['parcels'],
      handle: eachThenCommit(async (record) => {
        const { key, value } = record
        if (String(value).startsWith('{')) await context.effects.record(record, 'sent off')
        else
          await producer
            .send({ topic: DEAD, key, value })
            .catch((error) => console.error('no dead letter', error))
      }),
    })
  },
})
