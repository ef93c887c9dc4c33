import { Kafka, logLevel, type SASLOptions } from 'kafkajs'
import { describe, expect, it } from 'vitest'
import { serve } from '../../serve/index.ts'

/** Unmodified kafkajs over real TCP: the client is the judge of the exchange. */
describe('kafkajs 2.2.4 where users are named', () => {
  it.each(['plain', 'scram-sha-256', 'scram-sha-512'] as const)(
    '%s: the right password lets in, a wrong one or none does not',
    async (mechanism) => {
      await using tcp = await serve({
        brokers: 1,
        observer: { observe() {} },
        settings: { 'onceover.sasl.users': 'alice:secret' },
      })
      const topics = async (sasl: object): Promise<string[]> => {
        const kafka = new Kafka({
          brokers: [...tcp.addresses],
          logLevel: logLevel.NOTHING,
          retry: { retries: 0 },
          ...sasl,
        })
        const admin = kafka.admin()
        try {
          await admin.connect()
          return await admin.listTopics()
        } finally {
          await admin.disconnect()
        }
      }
      const as = (password: string): object => ({
        sasl: { mechanism, username: 'alice', password } as SASLOptions,
      })
      tcp.admin.createTopic('orders', { partitions: 1 })
      expect(await topics(as('secret'))).toEqual(['orders'])
      await expect(topics(as('guess'))).rejects.toThrow(/authentication failed/i)
      await expect(topics({})).rejects.toThrow()
    },
  )
})
