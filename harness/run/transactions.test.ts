import { Kafka, logLevel, type Transaction } from 'kafkajs'
import { describe, expect, it } from 'vitest'
import { exactlyOnce } from '../../properties/index.ts'
import type { History } from '../core/history.ts'
import type { AppContext, Scenario } from '../core/scenario.ts'
import type { Verdict } from '../core/verdict.ts'
import { prepareScenario } from '../scenario/prepare.ts'

const base: Omit<Scenario, 'app'> = {
  name: 'copy',
  topics: { in: { partitions: 1 }, out: { partitions: 1 } },
  records: { in: 3 },
  consumers: 1,
  guarantee: exactlyOnce({ outputs: ['out'] }),
}

async function run(
  app: (context: AppContext) => Promise<void>,
  change: Partial<Scenario> = {},
): Promise<{ history: History; verdict: Verdict }> {
  const prepared = await prepareScenario({ ...base, ...change, app }, { file: import.meta.filename })
  return prepared.run(
    { seed: '1', workload: prepared.workload('1'), faults: [], holds: [] },
    { stopAt: 'end' },
  )
}

function found({ violations }: Verdict): string[] {
  return [...new Set(violations.map(({ property }) => property))]
}

/** A service that copies from `in` to `out`; `work` ends each record's transaction. */
function copier(
  work: (
    transaction: Transaction,
    at: { offset: string; commitBeside: () => Promise<void> },
  ) => Promise<unknown>,
): (context: AppContext) => Promise<void> {
  return async ({ brokers }) => {
    const kafka = new Kafka({ brokers, logLevel: logLevel.NOTHING })
    const producer = kafka.producer({ transactionalId: 'copier', maxInFlightRequests: 1, idempotent: true })
    const consumer = kafka.consumer({ groupId: 'g' })
    await producer.connect()
    await consumer.connect()
    await consumer.subscribe({ topics: ['in'], fromBeginning: true })
    await consumer.run({
      autoCommit: false,
      eachMessage: async ({ topic, partition, message }) => {
        const transaction = await producer.transaction()
        const offset = (BigInt(message.offset) + 1n).toString()
        await transaction.send({
          topic: 'out',
          messages: [{ value: message.value, partition: 0 }],
        })
        await work(transaction, {
          offset,
          commitBeside: () => consumer.commitOffsets([{ topic, partition, offset }]),
        })
      },
    })
  }
}

const offsetsAt = (offset: string): Parameters<Transaction['sendOffsets']>[0] => ({
  consumerGroupId: 'g',
  topics: [{ topic: 'in', partitions: [{ partition: 0, offset }] }],
})

describe('transactions in a run', () => {
  it('the history tells of transactions, their records, offsets and markers, and ends when all are decided', async () => {
    const { history, verdict } = await run(
      copier(async (transaction, { offset }) => {
        await transaction.sendOffsets(offsetsAt(offset))
        await transaction.commit()
      }),
    )
    expect(verdict.verdict).toBe('held')
    const phases = history.events.flatMap((event) => (event.kind === 'transaction' ? [event.phase] : []))
    expect(phases).toEqual([
      'initialised',
      ...[0, 1, 2].flatMap(() => ['began', 'prepare-commit', 'committed']),
    ])
    const outputs = history.events.filter((event) => event.kind === 'append' && event.topic === 'out')
    const commits = history.events.filter((event) => event.kind === 'commit' && event.phase === 'applied')
    const markers = history.events.filter((event) => event.kind === 'marker')
    const producer = outputs[0]?.kind === 'append' ? outputs[0].producer : null
    expect(producer).toMatchObject({ epoch: 0, transactional: true })
    expect(commits.map((event) => event.kind === 'commit' && [event.offset, event.producerId])).toEqual(
      [1n, 2n, 3n].map((offset) => [offset, producer?.id]),
    )
    expect(markers.filter(({ topic }) => topic === 'out')).toHaveLength(3)
    expect(markers.filter(({ groups }) => groups?.includes('g') === true)).toHaveLength(3)
  })

  it('torn-transaction: offsets committed beside a transaction that is aborted', async () => {
    const { verdict } = await run(
      copier(async (transaction, { commitBeside }) => {
        await commitBeside()
        await transaction.abort()
      }),
    )
    expect(found(verdict)).toContain('torn-transaction')
  })

  it('torn-transaction: outputs without offsets', async () => {
    const { verdict } = await run(copier((transaction) => transaction.commit()))
    expect(found(verdict)).toContain('torn-transaction')
  })

  const reader =
    (readUncommitted: boolean) =>
    async ({ brokers, effects }: AppContext): Promise<void> => {
      const kafka = new Kafka({ brokers, logLevel: logLevel.NOTHING })
      const producer = kafka.producer({ transactionalId: 'ghost', maxInFlightRequests: 1, idempotent: true })
      await producer.connect()
      const transaction = await producer.transaction()
      await transaction.send({ topic: 'in', messages: [{ value: 'ghost', partition: 0 }] })
      await transaction.abort()
      const consumer = kafka.consumer({ groupId: 'g', readUncommitted })
      await consumer.connect()
      await consumer.subscribe({ topics: ['in'], fromBeginning: true })
      await consumer.run({
        eachMessage: async ({ topic, partition, message }) =>
          effects.record({ topic, partition, offset: message.offset }),
      })
    }

  it('aborted-read: a consumer that reads uncommitted is given what was aborted', async () => {
    const { verdict } = await run(reader(true), { guarantee: exactlyOnce() })
    expect(found(verdict)).toEqual(['aborted-read'])
  })

  it('aborted-read: one that reads committed is not', async () => {
    const { history, verdict } = await run(reader(false), { guarantee: exactlyOnce() })
    expect(verdict.verdict).toBe('held')
    expect(history.events.filter((event) => event.kind === 'effect')).toHaveLength(3)
  })
})
