import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { ROOT } from './repository.ts'

interface ConsumerText {
  /** The body of the handler; `message` and `save()`, which reports an effect, are there. */
  readonly body: string
  readonly name?: string
  readonly records?: number
  readonly partitions?: number
  readonly consumers?: number
  /** Default: after the work. */
  readonly commits?: 'before' | 'after'
}

/** Writes `<base>.mjs`, a scenario with one such consumer. */
export function scenarioFile(folder: string, base: string, consumer: ConsumerText): string {
  const { body, name = base, records = 6, commits = 'after', partitions = 1, consumers = 1 } = consumer
  const file = path.join(folder, `${base}.mjs`)
  writeFileSync(
    file,
    `import { atLeastOnce, defineScenario } from 'onceover'
import { orders } from '${ROOT}/harness/check/testing/app.ts'

export default defineScenario({
  name: '${name}',
  topics: { orders: { partitions: ${partitions} } },
  records: { orders: ${records} },
  consumers: ${consumers},
  effects: 'reported',
  faults: ['crash'],
  guarantee: atLeastOnce(),
  app: (context) =>
    orders(context, {
      commits: '${commits}',
      handle: async (message, save) => {
        ${body}
      },
    }),
})
`,
  )
  return file
}
