import { describe, expect, it } from 'vitest'
import type { Observation } from '../../core/history.ts'
import type { ApiName, Body } from '../../kafka/index.ts'
import { answerAsRead, requestAsRead } from '../../kafka/probe/index.ts'
import { Learner } from './learner.ts'

const producer = { producerId: 7n, producerEpoch: 0 }
const topics = [{ name: 'receipts', partitions: [1] }]
const CONCURRENT_TRANSACTIONS = 51

function learning() {
  const observed: Observation[] = []
  const learner = new Learner({ observe: (each) => observed.push(each), topicName: () => undefined })
  return {
    learner,
    /** The phases of transactions, with id and producer. */
    phases: () =>
      observed.flatMap((each) =>
        each.kind === 'transaction' ? [`${each.transactionalId} ${each.producerId} ${each.phase}`] : [],
      ),
    /** The error that the answer tells of. */
    exchange(api: ApiName, version: number, request: Body, answer: Body): string | null {
      const exchange = { process: 'consumer-0', incarnation: 1, broker: 0, ordinal: 1, api, version }
      return learner.applied(
        {
          ...exchange,
          request: requestAsRead(api, version, request).body,
          answer: answerAsRead(api, version, answer),
        },
        false,
      )
    },
  }
}

function answered(partitionErrorCode = 0): { readonly old: Body; readonly several: Body } {
  const topicResults = [{ name: 'receipts', resultsByPartition: [{ partitionIndex: 1, partitionErrorCode }] }]
  return {
    old: { throttleTimeMs: 0, resultsByTopicV3AndBelow: topicResults },
    several: {
      throttleTimeMs: 0,
      errorCode: 0,
      resultsByTransaction: [{ transactionalId: 'mailer', topicResults }],
    },
  }
}

const OLD = {
  v3AndBelowTransactionalId: 'mailer',
  v3AndBelowProducerId: 7n,
  v3AndBelowProducerEpoch: 0,
  v3AndBelowTopics: topics,
}
const SEVERAL = { transactions: [{ ...producer, transactionalId: 'mailer', verifyOnly: false, topics }] }

describe('a transaction', () => {
  it.each([
    [3, OLD, answered().old],
    [5, SEVERAL, answered().several],
  ])('that partitions are added to by version %d ends in those', (version, request, answer) => {
    const { learner, phases, exchange } = learning()
    expect(exchange('AddPartitionsToTxn', version, request, answer)).toBeNull()
    const end = { ...producer, transactionalId: 'mailer', committed: true }
    exchange('EndTxn', 3, end, { throttleTimeMs: 0, errorCode: 0 })
    expect(phases()).toEqual(['mailer 7 began', 'mailer 7 prepare-commit'])
    const ending = learner.transactions.takeEnding().map(({ partitions }) => partitions)
    expect(ending).toEqual([[{ topic: 'receipts', partition: 1 }]])
  })

  it.each([
    [3, OLD, answered(CONCURRENT_TRANSACTIONS).old],
    [5, SEVERAL, answered(CONCURRENT_TRANSACTIONS).several],
  ])('has not begun where version %d is refused', (version, request, answer) => {
    const { phases, exchange } = learning()
    expect(exchange('AddPartitionsToTxn', version, request, answer)).toBe('CONCURRENT_TRANSACTIONS')
    expect(phases()).toEqual([])
  })

  it('is not begun by a broker that only asks whether it is under way', () => {
    const { phases, exchange } = learning()
    const transactions = SEVERAL.transactions.map((each) => ({ ...each, verifyOnly: true }))
    exchange('AddPartitionsToTxn', 5, { transactions }, answered().several)
    expect(phases()).toEqual([])
  })
})
