import { atLeastOnce, defineScenario } from 'onceover'
import { Producer } from 'onceover/poll-loop'
import { eachThenCommit } from '../../poll-loop/each.ts'
import { startPollLoop } from '../../poll-loop/service.ts'

const DEAD = 'parcels.dead'

/**
 * Gives what is no parcel to a dead-letter topic. Where that fails the process ends, and the record
 * comes again.
 */
export default defineScenario({
  name: 'M12 twin on a poll loop: parcels wait for their dead letters',
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
        else await producer.send({ topic: DEAD, key, value })
      }),
    })
  },
})
