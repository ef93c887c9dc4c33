import kafkajs, { Kafka, logLevel, type SASLOptions } from 'kafkajs'
import { describe, expect, it } from 'vitest'
import { serve } from '../../serve/index.ts'

// Node does not find these among the names of a CommonJS module.
const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs

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

describe('kafkajs 2.2.4 where ACLs count', () => {
  it('its admin makes, shows and deletes them, and its consumer meets them', async () => {
    await using tcp = await serve({
      brokers: 1,
      observer: { observe() {} },
      settings: {
        'onceover.sasl.users': 'admin:secret,alice:secret',
        'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
        'super.users': 'User:admin',
      },
    })
    tcp.admin.createTopic('orders', { partitions: 1 })
    const as = (username: string): Kafka =>
      new Kafka({
        brokers: [...tcp.addresses],
        logLevel: logLevel.NOTHING,
        retry: { retries: 0 },
        sasl: { mechanism: 'plain', username, password: 'secret' },
      })
    const admin = as('admin').admin()
    const alice = as('alice').admin()
    await Promise.all([admin.connect(), alice.connect()])
    try {
      expect(await alice.listTopics()).toEqual([])
      await expect(alice.fetchTopicOffsets('orders')).rejects.toThrow(/not authorized/i)
      const acl = {
        resourceType: AclResourceTypes.TOPIC,
        resourceName: 'ord',
        resourcePatternType: ResourcePatternTypes.PREFIXED,
        principal: 'User:alice',
        host: '*',
        operation: AclOperationTypes.READ,
        permissionType: AclPermissionTypes.ALLOW,
      }
      await expect(alice.createAcls({ acl: [acl] })).rejects.toThrow(/authorization failed/i)
      await admin.createAcls({ acl: [acl] })
      expect(await alice.listTopics()).toEqual(['orders'])
      const all = {
        ...acl,
        resourceName: 'orders',
        resourcePatternType: ResourcePatternTypes.MATCH,
        operation: AclOperationTypes.ANY,
      }
      expect((await admin.describeAcls(all)).resources).toMatchObject([
        { resourceName: 'ord', acls: [{ principal: 'User:alice', operation: AclOperationTypes.READ }] },
      ])
      const { filterResponses } = await admin.deleteAcls({ filters: [all] })
      expect(filterResponses[0]?.matchingAcls).toHaveLength(1)
      expect(await alice.listTopics()).toEqual([])
    } finally {
      await Promise.all([admin.disconnect(), alice.disconnect()])
    }
  })
})
