import { expect, it } from 'vitest'
import { kafkajsAdapter } from '../../clients/kafkajs/adapter.ts'
import type { RequestEvent } from '../world-event.ts'
import { errorsAt } from './broker-errors.ts'
import { durationsOf } from './durations.ts'
import { PLAIN_WIRE, type WireFacts } from './place.ts'

const COORDINATOR = ['NOT_COORDINATOR', 'COORDINATOR_NOT_AVAILABLE', 'COORDINATOR_LOAD_IN_PROGRESS']

function errors(api: string, wire: Partial<WireFacts> = {}): readonly string[] {
  const event: RequestEvent = {
    ...{ kind: 'request', phase: 'sent', api, ordinal: 1, broker: 'broker-0', error: null },
    ...{ process: 'consumer-0', incarnation: 1 },
  }
  return errorsAt(
    { name: `consumer-0 ${api}#1 sent`, event },
    {
      ...{ consumers: 1, brokers: 3, consumed: [], groups: [], acls: [], serviceErrors: {}, poison: false },
      wire: { ...PLAIN_WIRE, ...wire },
      durations: durationsOf(kafkajsAdapter.timings),
    },
  )
}

it('a leader may lack a disk, a topic or replicas, where its producer waits for them', () => {
  const own = ['NOT_LEADER_OR_FOLLOWER', 'UNKNOWN_SERVER_ERROR']
  const gone = ['KAFKA_STORAGE_ERROR', 'UNKNOWN_TOPIC_OR_PARTITION']
  expect(errors('Fetch', { awaitsReplicas: true })).toEqual([...own, ...gone])
  expect(errors('Produce')).toEqual([...own, ...gone])
  expect(errors('Produce', { awaitsReplicas: true })).toEqual([...own, ...gone, 'NOT_ENOUGH_REPLICAS'])
})

it('a coordinator may not know a member, its generation, or who has its id', () => {
  const own = [...COORDINATOR, 'REBALANCE_IN_PROGRESS', 'UNKNOWN_SERVER_ERROR', 'UNKNOWN_MEMBER_ID']
  expect(errors('Heartbeat')).toEqual([...own, 'ILLEGAL_GENERATION'])
  expect(errors('Heartbeat', { consumerProtocol: true })).toEqual(own)
  expect(errors('Heartbeat', { staticMembers: true })).toEqual([
    ...own,
    ...['ILLEGAL_GENERATION', 'FENCED_INSTANCE_ID'],
  ])
  // The first JoinGroup has no member's id that could be unknown.
  expect(errors('JoinGroup', { staticMembers: true })).toEqual([...COORDINATOR, 'UNKNOWN_SERVER_ERROR'])
})

it('a broker may not know a topic yet that it is asked for, or that a commit is about', () => {
  const unknown = ['UNKNOWN_SERVER_ERROR', 'UNKNOWN_TOPIC_OR_PARTITION']
  expect(errors('Metadata')).toEqual(['LEADER_NOT_AVAILABLE', ...unknown])
  expect(errors('TxnOffsetCommit')).toEqual([...COORDINATOR, ...unknown])
  expect(errors('OffsetCommit')).toContain('UNKNOWN_TOPIC_OR_PARTITION')
})

it('a broker that looks for a coordinator may have none, and one that tells its versions tells them', () => {
  expect(errors('FindCoordinator')).toEqual(['COORDINATOR_NOT_AVAILABLE', 'UNKNOWN_SERVER_ERROR'])
  expect(errors('ApiVersions')).toEqual([])
})

it('a producer is fenced where it writes in a transaction, and nowhere else', () => {
  const transactional = new Set(['consumer-0'])
  expect(errors('Produce', { transactional })).toContain('INVALID_PRODUCER_EPOCH')
  expect(errors('TxnOffsetCommit', { transactional })).toContain('INVALID_PRODUCER_EPOCH')
  expect(errors('EndTxn', { transactional })).not.toContain('INVALID_PRODUCER_EPOCH')
  expect(errors('Produce', { transactional: new Set(['consumer-1']) })).not.toContain(
    'INVALID_PRODUCER_EPOCH',
  )
  expect(errors('EndTxn')).toContain('CONCURRENT_TRANSACTIONS')
})
