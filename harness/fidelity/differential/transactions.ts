import { addingError, deepError, topError } from './answers.ts'
import { offsetOf } from './groups.ts'
import type { LogSteps } from './logs.ts'
import type { ScriptMembers } from './members.ts'
import { NO_PRODUCER, Producer } from './producer.ts'
import type { Step } from './script.ts'
import { type ScriptRun, SETTLE_MS } from './script-run.ts'

export type TransactionStep = Extract<Step, { readonly transaction: number }>

/** Steps of transactional producers, which the script knows by numbers. */
export class TransactionSteps {
  readonly #run: ScriptRun
  readonly #logs: LogSteps
  readonly #members: ScriptMembers
  /** As InitProducerId has made them. */
  readonly producers: Map<number, Producer> = new Map()

  constructor(
    run: ScriptRun,
    { logs, members }: { readonly logs: LogSteps; readonly members: ScriptMembers },
  ) {
    this.#run = run
    this.#logs = logs
    this.#members = members
  }

  idOf(transaction: number): string {
    return `${this.#run.group}-${transaction}`
  }

  step(step: TransactionStep): Promise<string> {
    switch (step.do) {
      case 'begin':
        return this.#begin(step)
      case 'add-partition':
        return this.#addPartition(step)
      case 'send':
        return this.#send(step)
      case 'add-offsets':
        return this.#addOffsets(step)
      case 'send-offsets':
        return this.#sendOffsets(step)
      case 'end':
        return this.#end(step)
    }
  }

  async #begin({ transaction, version, timeoutMs }: Extract<Step, { do: 'begin' }>): Promise<string> {
    const body = { transactionalId: this.idOf(transaction), transactionTimeoutMs: timeoutMs ?? 60_000 }
    const answer = await this.#run.patiently(() => this.#run.ask('InitProducerId', version, body), topError)
    if (!('failed' in answer) && topError(answer) === 'NONE')
      this.producers.set(transaction, new Producer(answer))
    await this.#run.target.wait(SETTLE_MS)
    return `${topError(answer)} epoch ${'failed' in answer ? 'undefined' : answer.producerEpoch}`
  }

  #producer(transaction: number): Producer {
    return this.producers.get(transaction) ?? NO_PRODUCER
  }

  #identity(transaction: number): {
    readonly transactionalId: string
    readonly producerId: bigint
    readonly producerEpoch: number
  } {
    const { id, epoch } = this.#producer(transaction)
    return { transactionalId: this.idOf(transaction), producerId: id, producerEpoch: epoch }
  }

  async #addPartition(step: Extract<Step, { do: 'add-partition' }>): Promise<string> {
    const { transactionalId, producerId, producerEpoch } = this.#identity(step.transaction)
    const body = {
      v3AndBelowTransactionalId: transactionalId,
      v3AndBelowProducerId: producerId,
      v3AndBelowProducerEpoch: producerEpoch,
      v3AndBelowTopics: [{ name: this.#run.topic, partitions: [step.partition] }],
    }
    return addingError(
      await this.#run.patiently(() => this.#run.ask('AddPartitionsToTxn', step.version, body), addingError),
    )
  }

  async #send({ transaction, partition, count, version }: Extract<Step, { do: 'send' }>): Promise<string> {
    const producer = this.#producer(transaction)
    const { next: sequence } = producer.sequences(partition)
    const seen = await this.#logs.produce({
      partition,
      count,
      version,
      by: { producer, epoch: producer.epoch, sequence },
      transactionalId: this.idOf(transaction),
    })
    if (seen.startsWith('at ')) producer.wrote(partition, sequence, count)
    return seen
  }

  async #addOffsets({ transaction, version }: Extract<Step, { do: 'add-offsets' }>): Promise<string> {
    const body = { ...this.#identity(transaction), groupId: this.#run.group }
    return topError(
      await this.#run.patiently(() => this.#run.ask('AddOffsetsToTxn', version, body), topError),
    )
  }

  async #sendOffsets(step: Extract<Step, { do: 'send-offsets' }>): Promise<string> {
    const { member, transaction, generation, version } = step
    const waited = member === null ? '' : await this.#members.free(member)
    const identity =
      member === null ? { generationId: -1, memberId: '' } : this.#members.identity(member, generation)
    const body = {
      ...this.#identity(transaction),
      groupId: this.#run.group,
      ...identity,
      topics: [offsetOf(this.#run.topic, step)],
    }
    const answer = await this.#run.patiently(() => this.#run.ask('TxnOffsetCommit', version, body), deepError)
    return `${waited}${deepError(answer)}`
  }

  async #end({ transaction, commit, version }: Extract<Step, { do: 'end' }>): Promise<string> {
    const body = { ...this.#identity(transaction), committed: commit }
    const answer = await this.#run.patiently(() => this.#run.ask('EndTxn', version, body), topError)
    await this.#run.target.wait(SETTLE_MS)
    return topError(answer)
  }
}
