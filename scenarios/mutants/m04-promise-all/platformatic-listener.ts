import { atLeastOnce, defineScenario } from 'onceover'
import { startStreamService } from '../../platformatic/service.ts'

/**
 * A `data` listener that is asynchronous: the stream does not wait for it, and records are
 * committed as they get done.
 */
export default defineScenario({
  name: 'M04 in a data listener: invoice writer takes its records as they come',
  topics: { invoices: { partitions: 1 } },
  records: { invoices: 4 },
  consumers: 2,
  guarantee: atLeastOnce(),
  app: (context) =>
    startStreamService(context, {
      group: 'invoices',
      topics: ['invoices'],
      remembers: false,
      read: (stream, work) =>
        new Promise((resolve, reject) => {
          stream.on('data', (message) => work(message).catch(reject))
          stream.once('end', resolve)
        }),
      handle: async (message) => {
        await context.effects.record(message, 'written')
        await message.commit()
      },
    }),
})
