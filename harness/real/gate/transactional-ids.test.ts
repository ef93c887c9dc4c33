import { describe, expect, it } from 'vitest'
import type { ApiName, Body } from '../../kafka/index.ts'
import { answerAsRead, requestAsRead } from '../../kafka/probe/index.ts'
import { TransactionalIds } from './transactional-ids.ts'

const ids = new TransactionalIds('try-1-')

/** The request as a broker reads it; null: it goes on as it came. */
function seen(api: ApiName, version: number, body: Body): Body | null {
  const { body: request } = requestAsRead(api, version, body)
  const exchange = { process: 'consumer-0', incarnation: 1, broker: 0, ordinal: 1, answer: null }
  const asked = ids.asked({ ...exchange, api, version, request })
  return asked && requestAsRead(api, version, asked).body
}

const producer = { producerId: 1n, producerEpoch: 0 }

describe('the transactional ids of a try', () => {
  it.each<[ApiName, number, Body]>([
    ['InitProducerId', 4, { ...producer, transactionalId: 'mailer', transactionTimeoutMs: 1 }],
    ['EndTxn', 3, { ...producer, transactionalId: 'mailer', committed: true }],
    ['AddOffsetsToTxn', 3, { ...producer, transactionalId: 'mailer', groupId: 'billing' }],
    ['TxnOffsetCommit', 3, { ...producer, transactionalId: 'mailer', groupId: 'billing', topics: [] }],
    ['Produce', 9, { transactionalId: 'mailer', acks: -1, timeoutMs: 1, topicData: [] }],
  ])('are its own in %s', (api, version, body) => {
    expect(seen(api, version, body)).toMatchObject({ transactionalId: 'try-1-mailer' })
  })

  it('are its own where partitions are added', () => {
    const old = { v3AndBelowProducerId: 1n, v3AndBelowProducerEpoch: 0, v3AndBelowTopics: [] }
    expect(seen('AddPartitionsToTxn', 3, { ...old, v3AndBelowTransactionalId: 'mailer' })).toMatchObject({
      v3AndBelowTransactionalId: 'try-1-mailer',
    })
    const transactions = [{ ...producer, transactionalId: 'mailer', verifyOnly: false, topics: [] }]
    expect(seen('AddPartitionsToTxn', 4, { transactions })).toMatchObject({
      transactions: [{ transactionalId: 'try-1-mailer' }],
    })
  })

  it('are its own where a coordinator is sought, and the groups are as they are called', () => {
    expect(seen('FindCoordinator', 2, { key: 'mailer', keyType: 1 })).toMatchObject({ key: 'try-1-mailer' })
    expect(seen('FindCoordinator', 4, { keyType: 1, coordinatorKeys: ['mailer'] })).toMatchObject({
      coordinatorKeys: ['try-1-mailer'],
    })
    expect(seen('FindCoordinator', 4, { keyType: 0, coordinatorKeys: ['billing'] })).toBeNull()
  })

  it('are those of the client in the answer', () => {
    const at = { nodeId: 0, host: 'h', port: 1, errorCode: 0, errorMessage: null }
    const coordinators = ['try-1-mailer', 'billing'].map((key) => ({ ...at, key }))
    const answer = answerAsRead('FindCoordinator', 4, { throttleTimeMs: 0, coordinators })
    expect(ids.coordinators(answer).map(({ key }) => key)).toEqual(['mailer', 'billing'])
  })

  it('are none where nobody asks for a transaction', () => {
    expect(seen('Produce', 9, { transactionalId: null, acks: -1, timeoutMs: 1, topicData: [] })).toBeNull()
    expect(seen('Heartbeat', 4, { groupId: 'billing', generationId: 1, memberId: 'm' })).toBeNull()
  })
})
