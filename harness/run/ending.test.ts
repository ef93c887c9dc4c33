import { Kafka, logLevel } from 'kafkajs'
import { expect, it } from 'vitest'
import { atLeastOnce } from '../../properties/index.ts'
import type { GuaranteeOptions } from '../core/guarantee.ts'
import type { AppContext } from '../core/scenario.ts'
import { prepareScenario } from '../scenario/prepare.ts'

it.each<[string, GuaranteeOptions]>([
  ['for its grace period', {}],
  ['for longer than a drain may take, where it claims so', { shutdownMs: 300_000, drainMs: 20_000 }],
])('a process that is asked to end when all is done, and does not, is waited for: %s', async (_, options) => {
  const scenario = {
    name: 'takes no notice of SIGTERM',
    topics: { work: { partitions: 1 } },
    records: { work: 2 },
    consumers: 1,
    guarantee: atLeastOnce(options),
    async app(context: AppContext) {
      const { brokers } = context
      const kafka = new Kafka({ clientId: 'p', brokers, logLevel: logLevel.NOTHING })
      const consumer = kafka.consumer({ groupId: 'g' })
      process.on('SIGTERM', () => {})
      await consumer.connect()
      await consumer.subscribe({ topics: ['work'], fromBeginning: true })
      await consumer.run({ eachMessage: async () => {} })
    },
  }
  const prepared = await prepareScenario(scenario, { file: import.meta.filename })
  const workload = prepared.workload('1')
  const restart = {
    kind: 'graceful-restart',
    target: 'consumer-0',
    at: { atMs: 60_000 },
    restartMs: 100,
  } as const
  const { verdict, history } = await prepared.run({ seed: '1', workload, faults: [restart], holds: [] })
  expect(verdict.violations.map(({ property }) => property)).toEqual(['shutdown-hang'])
  expect(history.events.some(({ kind }) => kind === 'drain-deadline')).toBe(false)
})
