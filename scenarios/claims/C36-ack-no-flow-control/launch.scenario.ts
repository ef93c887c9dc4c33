import { atLeastOnce } from 'onceover'
import { ordersScenario, save, sleep } from '../../poll-loop/orders.ts'
import { Semaphore } from './semaphore.ts'

/** Starts the work of each record and polls on: the semaphore holds back the work only. */
export default ordersScenario('C36 semaphore and launch', {
  records: 60,
  guarantee: atLeastOnce({ inFlightMax: 20 }),
  settings: { 'max.poll.records': 5, 'enable.auto.commit': true },
  faults: ['crash'],
  handle: (records, _consumer, context) => {
    const semaphore = new Semaphore(10)
    for (const record of records)
      void semaphore.with(async () => {
        await sleep(5_000)
        await save(context, record)
      })
  },
})
