import { type AppContext, atLeastOnce } from 'onceover'
import { ordersScenario, save, sleep } from '../../poll-loop/orders.ts'
import { Semaphore } from './semaphore.ts'

/** One for each process, whatever the number of its polls. */
const semaphores = new WeakMap<AppContext, Semaphore>()

/** Starts the work of each record and polls on: the semaphore holds back the work only. */
export default ordersScenario('C36 semaphore and launch', {
  records: 60,
  guarantee: atLeastOnce({ inFlightMax: 20 }),
  settings: { 'max.poll.records': 5, 'enable.auto.commit': true },
  faults: ['crash'],
  handle: (records, _consumer, context) => {
    const semaphore = semaphores.get(context) ?? new Semaphore(10)
    semaphores.set(context, semaphore)
    for (const record of records)
      void semaphore.with(async () => {
        await sleep(5_000)
        await save(context, record)
      })
  },
})
