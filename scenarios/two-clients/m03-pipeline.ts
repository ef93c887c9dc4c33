import { Transform, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { atLeastOnce, defineScenario } from 'onceover'
import type { TextMessage } from './messages.ts'
import { startStreamService } from './service.ts'

/** Commits in a Transform what the Writable behind it has yet to do: a crash loses what lies between the two. */
export default defineScenario({
  name: 'M03 in a pipeline: invoice writer commits ahead of its write',
  topics: { invoices: { partitions: 1 } },
  records: { invoices: 4 },
  consumers: 2,
  guarantee: atLeastOnce(),
  app: (context) =>
    startStreamService(context, {
      group: 'invoices',
      topics: ['invoices'],
      read: (stream, work) =>
        pipeline(
          stream,
          new Transform({
            objectMode: true,
            transform: (message: TextMessage, _encoding, done) =>
              void work(message).then(() => done(null, message), done),
          }),
          new Writable({
            objectMode: true,
            write: (message: TextMessage, _encoding, done) =>
              void context.effects.record(message, 'written').then(() => done(), done),
          }),
        ),
      handle: async (message) => message.commit(),
    }),
})
